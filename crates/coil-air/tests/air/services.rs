//! Boards and the named services behind the gateway, plain and with TLS.

use crate::lab::{Lab, PASSWORD, SSID, config};
use coil_air::tls::{
    CertificateAuthority, TlsClientConfig, TlsError, TlsServerConfig, TlsSession, TlsVersions,
    Verify,
};
use coil_air::{Faults, ServiceFault, ServiceStream, SocketError, SocketId, StationStatus};
use std::io::ErrorKind;
use std::net::SocketAddrV4;
use std::sync::{Arc, Mutex};

const M2X: &str = "api-m2x.att.com";

fn accept(lab: &mut Lab) -> ServiceStream {
    lab.until(5_000_000, |lab| lab.air.accept_service()).expect("a connection to a service")
}

fn service_read(lab: &mut Lab, stream: &ServiceStream) -> std::io::Result<Vec<u8>> {
    let mut buffer = [0; 4096];
    lab.until(5_000_000, |_| match stream.read(&mut buffer) {
        Err(error) if error.kind() == ErrorKind::WouldBlock => None,
        other => Some(other),
    })
    .expect("data, the end or an error")
    .map(|length| buffer[..length].to_vec())
}

fn connect(lab: &mut Lab, name: &str, port: u16) -> Result<SocketId, SocketError> {
    let address = lab.address_of(0, name);
    lab.connect(0, SocketAddrV4::new(address, port))
}

/// A TLS session of a board over one of its sockets.
pub(crate) struct Client {
    session: TlsSession,
    socket: SocketId,
}

impl Client {
    pub(crate) fn open(
        lab: &mut Lab,
        name: &str,
        config: &TlsClientConfig,
    ) -> Result<Self, TlsError> {
        let socket = connect(lab, name, 443).unwrap();
        let mut client = Self { session: config.connect()?, socket };
        lab.until(5_000_000, |lab| match client.exchange(lab) {
            Ok(()) if client.session.is_handshaking() => None,
            other => Some(other),
        })
        .expect("the handshake ends")?;
        Ok(client)
    }

    // Moves ciphertext both ways as far as it goes.
    fn exchange(&mut self, lab: &mut Lab) -> Result<(), TlsError> {
        let mut out = Vec::new();
        let mut buffer = [0; 2048];
        loop {
            self.session.output(&mut out);
            while !out.is_empty() {
                match lab.boards[0].send(self.socket, &out) {
                    Ok(sent) => drop(out.drain(..sent)),
                    Err(SocketError::WouldBlock) => lab.step(),
                    Err(_) => return self.transport_ended(),
                }
            }
            match lab.boards[0].recv(self.socket, &mut buffer) {
                Ok(0) => return self.transport_ended(),
                Ok(length) => {
                    let mut rest = &buffer[..length];
                    while !rest.is_empty() {
                        let fed = self.session.feed(rest)?;
                        self.session.output(&mut out);
                        if fed == 0 {
                            return Ok(());
                        }
                        rest = &rest[fed..];
                    }
                }
                Err(_) if out.is_empty() => return Ok(()),
                Err(_) => {}
            }
        }
    }

    fn transport_ended(&mut self) -> Result<(), TlsError> {
        self.session.end_of_transport();
        Ok(())
    }

    fn read(&mut self, lab: &mut Lab) -> Result<Vec<u8>, TlsError> {
        let mut buffer = [0; 2048];
        lab.until(5_000_000, |lab| {
            if let Err(error) = self.exchange(lab) {
                return Some(Err(error));
            }
            match self.session.read(&mut buffer) {
                Err(TlsError::WouldBlock) => None,
                other => Some(other),
            }
        })
        .expect("data or the end")
        .map(|length| buffer[..length].to_vec())
    }
}

#[test]
fn plain_connection_to_a_name_comes_out_as_a_stream() {
    let mut lab = Lab::online(1);
    let id = connect(&mut lab, "my-json-server.typicode.com", 80).unwrap();
    let stream = accept(&mut lab);
    assert_eq!(
        (stream.name(), stream.port(), stream.is_tls()),
        ("my-json-server.typicode.com", 80, false)
    );
    assert_eq!((stream.kind(), stream.peer_mac()), ("http", lab.boards[0].mac()));
    assert_eq!(*stream.peer().ip(), lab.boards[0].ifconfig().unwrap().address);
    lab.boards[0].send(id, b"GET / HTTP/1.0\r\n\r\n").unwrap();
    assert_eq!(service_read(&mut lab, &stream).unwrap(), b"GET / HTTP/1.0\r\n\r\n");
    stream.write(b"HTTP/1.0 200 OK\r\n\r\nhi").unwrap();
    drop(stream);
    assert_eq!(lab.recv(0, id).unwrap(), b"HTTP/1.0 200 OK\r\n\r\nhi");
    assert_eq!(lab.recv(0, id).unwrap(), b"");
}

#[test]
fn end_of_the_board_reaches_the_service_and_a_reset_breaks_the_stream() {
    let mut lab = Lab::online(1);
    let id = connect(&mut lab, M2X, 80).unwrap();
    let stream = accept(&mut lab);
    lab.boards[0].send(id, b"bye").unwrap();
    lab.boards[0].close(id).unwrap();
    assert_eq!(service_read(&mut lab, &stream).unwrap(), b"bye");
    assert_eq!(service_read(&mut lab, &stream).unwrap(), b"");
    connect(&mut lab, M2X, 80).unwrap();
    let stream = accept(&mut lab);
    lab.boards.clear();
    assert_eq!(service_read(&mut lab, &stream).unwrap_err().kind(), ErrorKind::ConnectionReset);
    assert_eq!(stream.write(b"x").unwrap_err().kind(), ErrorKind::BrokenPipe);
}

#[test]
fn quiet_connection_lives_for_hours() {
    let mut lab = Lab::online(2);
    let id = connect(&mut lab, "test.mosquitto.org", 1883).unwrap();
    let stream = accept(&mut lab);
    lab.boards[0].send(id, b"connect").unwrap();
    assert_eq!(service_read(&mut lab, &stream).unwrap(), b"connect");
    let at = SocketAddrV4::new(lab.boards[1].ifconfig().unwrap().address, 23);
    let listener = lab.boards[1].tcp_open().unwrap();
    lab.boards[1].bind(listener, at).unwrap();
    lab.boards[1].listen(listener, 1).unwrap();
    let client = lab.connect(0, at).unwrap();
    lab.run(3 * 3_600_000_000);
    let (server, _) = lab.boards[1].accept(listener).unwrap();
    lab.boards[1].send(server, b"still here").unwrap();
    assert_eq!(lab.recv(0, client).unwrap(), b"still here");
    stream.write(b"publish").unwrap();
    assert_eq!(lab.recv(0, id).unwrap(), b"publish");
}

#[test]
fn connection_whose_peer_vanished_is_given_up() {
    let mut lab = Lab::online(2);
    let at = SocketAddrV4::new(lab.boards[1].ifconfig().unwrap().address, 23);
    let listener = lab.boards[1].tcp_open().unwrap();
    lab.boards[1].bind(listener, at).unwrap();
    lab.boards[1].listen(listener, 1).unwrap();
    let client = lab.connect(0, at).unwrap();
    lab.boards.truncate(1);
    lab.boards[0].send(client, b"anybody?").unwrap();
    let before_us = lab.now_us;
    let error =
        lab.until(200_000_000, |lab| lab.boards[0].readiness(client).unwrap().error.then_some(()));
    assert!(error.is_some());
    assert_eq!(lab.boards[0].send(client, b"x"), Err(SocketError::Aborted));
    assert!(lab.now_us - before_us > 60_000_000);
}

#[test]
fn closed_port_of_a_known_name_refuses() {
    let mut lab = Lab::online(1);
    assert_eq!(connect(&mut lab, M2X, 81).unwrap_err(), SocketError::Refused);
    lab.air.set_faults(Faults { services: ServiceFault::Dead, ..Faults::default() });
    assert_eq!(connect(&mut lab, M2X, 80).unwrap_err(), SocketError::Refused);
}

#[test]
fn many_connections_of_one_board_in_a_row_leave_nothing_behind() {
    let mut lab = Lab::online(1);
    for round in 0..100 {
        let id = connect(&mut lab, M2X, 80).unwrap_or_else(|error| panic!("{round}: {error}"));
        let stream = accept(&mut lab);
        lab.boards[0].send(id, b"q").unwrap();
        assert_eq!(service_read(&mut lab, &stream).unwrap(), b"q");
        stream.write(b"a").unwrap();
        drop(stream);
        assert_eq!(lab.recv(0, id).unwrap(), b"a");
        lab.boards[0].close(id).unwrap();
    }
}

#[test]
fn both_tls_versions_carry_bytes_to_a_service() {
    let mut lab = Lab::online(1);
    for (versions, name) in [(TlsVersions::Only12, "TLSv1.2"), (TlsVersions::Only13, "TLSv1.3")] {
        let config = TlsClientConfig { versions, ..TlsClientConfig::unverified(Some(M2X)) };
        let mut client = Client::open(&mut lab, M2X, &config).unwrap();
        assert_eq!(client.session.version(), Some(name));
        let stream = accept(&mut lab);
        assert!(stream.is_tls());
        client.session.write(b"PUT").unwrap();
        client.exchange(&mut lab).unwrap();
        assert_eq!(service_read(&mut lab, &stream).unwrap(), b"PUT");
        stream.write(b"202").unwrap();
        drop(stream);
        assert_eq!(client.read(&mut lab).unwrap(), b"202");
        assert_eq!(client.read(&mut lab).unwrap(), b"");
        lab.boards[0].close(client.socket).unwrap();
    }
}

#[test]
fn clients_demands_of_the_certificate_are_kept() {
    let mut lab = Lab::online(1);
    let root = lab.air.authority().certificate_der().to_vec();
    let stranger = CertificateAuthority::in_memory().unwrap().certificate_der().to_vec();
    let config = |name: Option<&str>, root: &Vec<u8>, unix_seconds| TlsClientConfig {
        verify: Verify::Authorities { roots: vec![root.clone()], unix_seconds },
        ..TlsClientConfig::unverified(name)
    };
    let now = Some(1_767_225_600);
    for good in
        [config(Some(M2X), &root, now), config(Some(M2X), &root, None), config(None, &root, now)]
    {
        Client::open(&mut lab, M2X, &good).unwrap();
    }
    let failure = |lab: &mut Lab, config: &TlsClientConfig| {
        Client::open(lab, M2X, config).map(|_| ()).unwrap_err()
    };
    assert!(matches!(failure(&mut lab, &config(Some(M2X), &stranger, now)), TlsError::Untrusted));
    assert!(matches!(
        failure(&mut lab, &config(Some("other.example"), &root, now)),
        TlsError::WrongName
    ));
    assert!(matches!(
        failure(&mut lab, &config(Some(M2X), &root, Some(86_400))),
        TlsError::WrongTime
    ));
    assert!(matches!(
        failure(&mut lab, &config(Some("not a name"), &root, now)),
        TlsError::BadName(_)
    ));
}

#[test]
fn wildcard_host_has_a_certificate_for_its_subdomains() {
    let mut lab = Lab::online(1);
    let roots = vec![lab.air.authority().certificate_der().to_vec()];
    let name = "fra1.blynk.cloud";
    let verify = Verify::Authorities { roots, unix_seconds: None };
    let config = TlsClientConfig { verify, ..TlsClientConfig::unverified(Some(name)) };
    Client::open(&mut lab, name, &config).unwrap();
}

#[test]
fn server_on_a_board_is_reached_from_the_lab() {
    let mut lab = Lab::online(1);
    let at = SocketAddrV4::new(lab.boards[0].ifconfig().unwrap().address, 80);
    let listener = lab.boards[0].tcp_open().unwrap();
    lab.boards[0].bind(listener, at).unwrap();
    lab.boards[0].listen(listener, 1).unwrap();
    let browser = lab.air.connect_board(at, lab.now_us).unwrap();
    browser.write(b"GET /").unwrap();
    let (server, _) = lab.until(1_000_000, |lab| lab.boards[0].accept(listener).ok()).unwrap();
    assert_eq!(lab.recv(0, server).unwrap(), b"GET /");
    lab.boards[0].send(server, b"page").unwrap();
    lab.boards[0].close(server).unwrap();
    assert_eq!(service_read(&mut lab, &browser).unwrap(), b"page");
    assert_eq!(service_read(&mut lab, &browser).unwrap(), b"");
    let refused = lab.air.connect_board(SocketAddrV4::new(*at.ip(), 81), lab.now_us).unwrap();
    assert_eq!(service_read(&mut lab, &refused).unwrap_err().kind(), ErrorKind::ConnectionReset);
    assert!(
        lab.air.connect_board(SocketAddrV4::new([192, 168, 1, 9].into(), 80), lab.now_us).is_none()
    );
}

#[test]
fn tap_sees_every_frame_in_order() {
    let mut lab = Lab::new(1);
    let (frames, seen) = std::sync::mpsc::channel();
    let frames = Mutex::new(frames);
    let tap = lab.air.add_tap(Arc::new(move |at_us, bytes| {
        frames.lock().unwrap().send((at_us, bytes.to_vec())).unwrap();
    }));
    lab.join_all();
    lab.air.remove_tap(tap);
    lab.address_of(0, "pool.ntp.org");
    let frames: Vec<_> = seen.try_iter().collect();
    // Discover, offer, request, acknowledge.
    assert_eq!(frames.len(), 4);
    assert!(frames.is_sorted_by_key(|(at_us, _)| *at_us));
    assert_eq!(frames[0].1[6..12], lab.boards[0].mac());
}

#[test]
fn garbage_on_a_tls_port_gets_an_alert_and_the_end() {
    let mut lab = Lab::online(1);
    let id = connect(&mut lab, M2X, 443).unwrap();
    lab.boards[0].send(id, b"GET / HTTP/1.0\r\n\r\n").unwrap();
    let alert = lab.recv(0, id).unwrap();
    assert_eq!(alert.first(), Some(&21));
    assert_eq!(lab.recv(0, id).unwrap(), b"");
    assert!(lab.air.accept_service().is_none());
}

#[test]
fn board_serves_tls_to_another_session() {
    let authority = CertificateAuthority::in_memory().unwrap();
    let (chain, key) = authority.issue(&["board.local"]).unwrap();
    for (versions, agreed) in [(TlsVersions::Only12, "TLSv1.2"), (TlsVersions::Any, "TLSv1.3")] {
        let mut server =
            TlsServerConfig::new(chain.clone(), key.clone(), versions).unwrap().accept().unwrap();
        let mut client = TlsClientConfig::unverified(None).connect().unwrap();
        for _ in 0..6 {
            carry(&mut client, &mut server);
            carry(&mut server, &mut client);
        }
        assert_eq!((client.version(), server.version()), (Some(agreed), Some(agreed)));
        assert_eq!(client.peer_certificate().unwrap(), chain[0]);
        client.write(b"over").unwrap();
        carry(&mut client, &mut server);
        let mut buffer = [0; 16];
        assert_eq!(server.read(&mut buffer).unwrap(), 4);
        client.end_of_transport();
        assert!(matches!(client.read(&mut buffer), Err(TlsError::Cut)));
    }
    assert!(matches!(
        TlsServerConfig::new(chain, b"no key".to_vec(), TlsVersions::Any),
        Err(TlsError::BadMaterial)
    ));
}

fn carry(from: &mut TlsSession, to: &mut TlsSession) {
    let mut bytes = Vec::new();
    from.output(&mut bytes);
    let mut rest = &bytes[..];
    while !rest.is_empty() {
        let fed = to.feed(rest).unwrap();
        assert!(fed > 0);
        rest = &rest[fed..];
    }
}

#[test]
fn authority_is_kept_and_its_key_is_private() {
    let dir = std::env::temp_dir().join(format!("coil-air-ca-{}", std::process::id()));
    let first = CertificateAuthority::load_or_create(&dir).unwrap();
    let again = CertificateAuthority::load_or_create(&dir).unwrap();
    assert_eq!(first.certificate_pem(), again.certificate_pem());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(
            std::fs::metadata(dir.join("ca.key.pem")).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
    // What the second one issues, a client of the first one trusts.
    let (chain, key) = again.issue(&["a.example"]).unwrap();
    let mut server = TlsServerConfig::new(chain, key, TlsVersions::Any).unwrap().accept().unwrap();
    let verify =
        Verify::Authorities { roots: vec![first.certificate_der().to_vec()], unix_seconds: None };
    let config = TlsClientConfig { verify, ..TlsClientConfig::unverified(Some("a.example")) };
    let mut client = config.connect().unwrap();
    for _ in 0..6 {
        carry(&mut client, &mut server);
        carry(&mut server, &mut client);
    }
    assert!(!client.is_handshaking());
    std::fs::write(dir.join("ca.key.pem"), "no key").unwrap();
    assert!(matches!(CertificateAuthority::load_or_create(&dir), Err(TlsError::BadMaterial)));
    std::fs::remove_dir_all(&dir).unwrap();
}

// Sends `total` bytes from the service to the board, and answers how many arrived as sent.
fn download(lab: &mut Lab, total: usize) -> usize {
    let id = connect(lab, M2X, 80).unwrap();
    let stream = accept(lab);
    let chunk: Vec<u8> = (0..16_384u32).map(|n| (n % 251) as u8).collect();
    let (mut sent, mut received) = (0, 0);
    let mut buffer = [0; 8192];
    lab.until(600_000_000, |lab| {
        while sent < total {
            match stream.write(
                &chunk[sent % chunk.len()..]
                    [..(chunk.len() - sent % chunk.len()).min(total - sent)],
            ) {
                Ok(length) => sent += length,
                Err(_) => break,
            }
        }
        while let Ok(length) = lab.boards[0].recv(id, &mut buffer) {
            let same = buffer[..length]
                .iter()
                .enumerate()
                .all(|(n, byte)| *byte == chunk[(received + n) % chunk.len()]);
            assert!(same, "after {received} bytes");
            received += length;
        }
        (received == total).then_some(())
    });
    received
}

#[test]
fn stream_is_whole_through_loss_and_latency() {
    let mut lab = Lab::online(1);
    lab.air.set_faults(Faults { loss_ppm: 30_000, latency_us: 5_000, ..Faults::default() });
    assert_eq!(download(&mut lab, 500_000), 500_000);
}

#[test]
fn throughput_of_a_download() {
    const TOTAL: usize = 64 << 20;
    let mut lab = Lab::online(1);
    let start = std::time::Instant::now();
    assert_eq!(download(&mut lab, TOTAL), TOTAL);
    let rate = TOTAL as f64 / 1e6 / start.elapsed().as_secs_f64();
    println!(
        "{rate:.0} MB/s through the chip's window of {} bytes",
        config().limits.tcp_receive_bytes
    );
    assert!(rate > 20.0, "{rate:.1} MB/s");
}

#[test]
fn three_hundred_boards_join_and_talk_to_the_cloud() {
    let mut config = config();
    config.prefix = 16;
    config.timings = config.timings.faster(10);
    let mut lab = Lab::with(config, 0);
    for n in 0..300u16 {
        lab.attach([2, 0, 0, 1, (n >> 8) as u8, n as u8]);
    }
    for board in &mut lab.boards {
        board.connect(SSID, PASSWORD, 0);
    }
    let online = |lab: &mut Lab| {
        lab.boards.iter().all(|it| it.status() == StationStatus::GotIp).then_some(())
    };
    lab.until(5_000_000, online).unwrap();
    let broker = SocketAddrV4::new(lab.address_of(0, "test.mosquitto.org"), 1883);
    let mut streams = Vec::new();
    let mut sockets = Vec::new();
    for board in 0..lab.boards.len() {
        let id = lab.boards[board].tcp_open().unwrap();
        assert_eq!(lab.boards[board].connect_socket(id, broker), Err(SocketError::InProgress));
        sockets.push(id);
    }
    lab.until(5_000_000, |lab| {
        while let Some(stream) = lab.air.accept_service() {
            streams.push(stream);
        }
        (streams.len() == 300).then_some(())
    })
    .unwrap();
    for (board, id) in sockets.iter().enumerate() {
        assert_eq!(lab.boards[board].send(*id, &[board as u8]), Ok(1));
    }
    lab.run(100_000);
    for stream in &streams {
        let mut byte = [0; 8];
        assert_eq!(stream.read(&mut byte).unwrap(), 1);
        let mac = stream.peer_mac();
        assert_eq!(mac[5], byte[0]);
    }
    assert_eq!(lab.boards.iter().map(|board| board.dropped_frames()).sum::<u64>(), 0);
}

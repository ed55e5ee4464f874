//! The bridge to the host's tasks, in real time.

use crate::lab::{PASSWORD, SSID, config};
use coil_air::tls::{TlsClientConfig, TlsError, TlsSession};
use coil_air::{
    AccessPoint, Air, AirConfig, IpConfig, Mac, Resolution, SocketError, SocketId, SoftApSettings,
    Speech, Station, StationStatus, bridge,
};
use std::net::{Ipv4Addr, SocketAddrV4};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::Thread;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// A board on a thread of its own, which sleeps until its waker or its next deadline.
pub(crate) struct Board {
    pub(crate) station: Station,
    start: Instant,
}

impl Board {
    fn new(mut station: Station, start: Instant) -> Self {
        let thread: Thread = std::thread::current();
        station.set_waker(Some(Arc::new(move || thread.unpark())));
        Self { station, start }
    }

    fn now_us(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_micros()).unwrap()
    }

    pub(crate) fn until<T>(&mut self, mut done: impl FnMut(&mut Station) -> Option<T>) -> T {
        loop {
            assert!(self.now_us() < 30_000_000, "nothing happens");
            self.station.poll(self.now_us());
            if let Some(result) = done(&mut self.station) {
                return result;
            }
            let wait_us = self
                .station
                .next_deadline()
                .map_or(1_000_000, |at| at.saturating_sub(self.now_us()));
            if wait_us > 0 {
                std::thread::park_timeout(Duration::from_micros(wait_us));
            }
        }
    }

    fn join(&mut self) {
        let now_us = self.now_us();
        self.station.connect(SSID, PASSWORD, now_us);
        self.until(|station| (station.status() == StationStatus::GotIp).then_some(()));
    }

    fn address_of(&mut self, name: &str, port: u16) -> SocketAddrV4 {
        let query = self.station.start_resolve(name).unwrap();
        let found = self.until(|station| match station.poll_resolve(query) {
            Resolution::Pending => None,
            done => Some(done),
        });
        let Resolution::Found(addresses) = found else { panic!("{found:?}") };
        SocketAddrV4::new(addresses[0], port)
    }

    pub(crate) fn open(&mut self, to: SocketAddrV4) -> SocketId {
        let id = self.station.tcp_open().unwrap();
        assert_eq!(self.station.connect_socket(id, to), Err(SocketError::InProgress));
        self.until(|station| station.readiness(id).unwrap().writable.then_some(()));
        id
    }

    pub(crate) fn recv(&mut self, id: SocketId) -> Vec<u8> {
        let mut buffer = [0; 4096];
        self.until(|station| match station.recv(id, &mut buffer) {
            Ok(length) => Some(buffer[..length].to_vec()),
            Err(SocketError::WouldBlock) => None,
            Err(error) => panic!("{error}"),
        })
    }

    // Sends what the session has to send.
    fn flush(&mut self, id: SocketId, tls: &mut TlsSession) {
        let mut out = Vec::new();
        tls.output(&mut out);
        while !out.is_empty() {
            let sent = self.until(|station| match station.send(id, &out) {
                Err(SocketError::WouldBlock) => None,
                other => Some(other.unwrap()),
            });
            out.drain(..sent);
        }
    }

    fn feed(&mut self, id: SocketId, tls: &mut TlsSession) {
        let received = self.recv(id);
        assert!(!received.is_empty(), "the peer went away");
        let mut rest = &received[..];
        while !rest.is_empty() {
            let fed = tls.feed(rest).unwrap();
            assert!(fed > 0);
            rest = &rest[fed..];
        }
    }

    fn handshake(&mut self, id: SocketId, name: &str) -> TlsSession {
        let mut tls = TlsClientConfig::unverified(Some(name)).connect().unwrap();
        loop {
            self.flush(id, &mut tls);
            if !tls.is_handshaking() {
                return tls;
            }
            self.feed(id, &mut tls);
        }
    }

    fn exchange(&mut self, id: SocketId, tls: &mut TlsSession, request: &[u8]) -> Vec<u8> {
        tls.write(request).unwrap();
        self.flush(id, tls);
        let mut answer = [0; 256];
        loop {
            match tls.read(&mut answer) {
                Ok(length) => return answer[..length].to_vec(),
                Err(TlsError::WouldBlock) => self.feed(id, tls),
                Err(error) => panic!("{error}"),
            }
        }
    }

    // Time for the last goodbye before the board is switched off.
    fn say_goodbye(&mut self) {
        let off_us = self.now_us() + 5_000;
        while self.now_us() < off_us {
            self.station.poll(self.now_us());
        }
    }
}

/// Runs `program` on a board of its own thread and `serve` on the host's runtime, until the program ends.
fn run(program: impl FnOnce(&mut Board) + Send + 'static, serve: impl FnMut(bridge::ServiceIo)) {
    run_on(config(), program, serve);
}

/// The same, on this air.
pub(crate) fn run_on(
    mut config: AirConfig,
    program: impl FnOnce(&mut Board) + Send + 'static,
    serve: impl FnMut(bridge::ServiceIo),
) {
    config.timings = config.timings.faster(100);
    let air = Air::new(config).unwrap();
    let start = Instant::now();
    let station = air.attach([0x30, 0xae, 0xa4, 9, 9, 9]);
    let board = std::thread::spawn(move || {
        let mut board = Board::new(station, start);
        board.join();
        program(&mut board);
        board.say_goodbye();
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let clock: bridge::Clock =
            Arc::new(move || u64::try_from(start.elapsed().as_micros()).unwrap());
        let ended = async {
            while !board.is_finished() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::select! {
            () = bridge::run(air, clock, serve) => {}
            () = ended => {}
            () = tokio::time::sleep(Duration::from_secs(60)) => panic!("the board does not end"),
        }
    });
    board.join().unwrap();
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn timed(rounds: usize, mut what: impl FnMut()) -> Duration {
    let times = (0..rounds).map(|_| {
        let before = Instant::now();
        what();
        before.elapsed()
    });
    median(times.collect())
}

#[test]
fn http_request_of_a_board_is_answered_by_a_task_of_the_host() {
    const ROUNDS: usize = 200;
    const NAME: &str = "my-json-server.typicode.com";
    const ANSWER: &[u8] = b"HTTP/1.0 200 OK\r\n\r\n{}";
    let served = Arc::new(AtomicUsize::new(0));
    let ended = served.clone();
    let program = |board: &mut Board| {
        let to = board.address_of(NAME, 80);
        let each = timed(ROUNDS, || {
            let id = board.open(to);
            board.station.send(id, b"GET /posts HTTP/1.0\r\n\r\n").unwrap();
            let mut answer = Vec::new();
            loop {
                let more = board.recv(id);
                if more.is_empty() {
                    break;
                }
                answer.extend(more);
            }
            assert_eq!(answer, ANSWER);
            board.station.close(id).unwrap();
        });
        println!("median of a request on a new connection: {each:?}");
    };
    run(program, |mut io| {
        assert_eq!(io.stream().name(), NAME);
        let ended = ended.clone();
        tokio::spawn(async move {
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                request.push(io.read_u8().await.unwrap());
            }
            io.write_all(ANSWER).await.unwrap();
            io.shutdown().await.unwrap();
            assert_eq!(io.read(&mut [0; 8]).await.unwrap(), 0);
            ended.fetch_add(1, Ordering::Relaxed);
        });
    });
    assert_eq!(served.load(Ordering::Relaxed), ROUNDS);
}

#[test]
fn https_request_takes_milliseconds_at_most() {
    const NAME: &str = "api-m2x.att.com";
    let program = |board: &mut Board| {
        let to = board.address_of(NAME, 443);
        let fresh = timed(50, || {
            let id = board.open(to);
            let mut tls = board.handshake(id, NAME);
            assert_eq!(board.exchange(id, &mut tls, b"PUT"), b"PUT");
            board.station.close(id).unwrap();
        });
        let id = board.open(to);
        let mut tls = board.handshake(id, NAME);
        let kept = timed(200, || assert_eq!(board.exchange(id, &mut tls, b"PUT"), b"PUT"));
        println!("median of an exchange: {kept:?} on a kept session, {fresh:?} with a new one");
        assert!(
            kept < Duration::from_millis(2) && fresh < Duration::from_millis(6),
            "{kept:?} {fresh:?}"
        );
    };
    run(program, |mut io| {
        assert!(io.stream().is_tls());
        tokio::spawn(async move {
            let mut buffer = [0; 64];
            while let Ok(length @ 1..) = io.read(&mut buffer).await {
                if io.write_all(&buffer[..length]).await.is_err() {
                    break;
                }
            }
        });
    });
}

const SERVER: [u8; 6] = [0x30, 0xae, 0xa4, 9, 9, 9];

/// A port of the host that leads to port 80 of a board, which says why when it does not.
async fn forward(
    air: &Air,
    clock: &bridge::Clock,
    access_point: Option<Mac>,
) -> std::net::SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let refusal = Arc::new(|why| format!("{why:?}").into_bytes());
    let (air, clock) = (air.clone(), clock.clone());
    let forward = bridge::Forward { air, clock, board: SERVER, access_point, port: 80, refusal };
    tokio::spawn(forward.run(listener));
    address
}

/// Sends so much to a port, and nothing more; what is answered.
async fn ask(at: std::net::SocketAddr, length: usize) -> String {
    let mut client = tokio::net::TcpStream::connect(at).await.unwrap();
    client.write_all(&vec![7; length]).await.unwrap();
    client.shutdown().await.unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    answer
}

#[test]
fn a_port_of_the_host_leads_to_a_board() {
    const LENGTH: usize = 300_000;
    let mut config = config();
    config.timings = config.timings.faster(100);
    let air = Air::new(config).unwrap();
    let start = Instant::now();
    let station = air.attach(SERVER);
    let (go, may_go) = std::sync::mpsc::channel();
    let (tell, told) = std::sync::mpsc::channel();
    let board = std::thread::spawn(move || {
        let mut board = Board::new(station, start);
        may_go.recv().unwrap();
        board.join();
        tell.send(()).unwrap();
        while may_go.try_recv().is_err() {
            board.station.poll(board.now_us());
            std::thread::sleep(Duration::from_millis(1));
        }
        let listener = board.station.tcp_open().unwrap();
        let at = SocketAddrV4::new(board.station.ifconfig().unwrap().address, 80);
        board.station.bind(listener, at).unwrap();
        board.station.listen(listener, 1).unwrap();
        tell.send(()).unwrap();
        let (id, _) = board.until(|station| station.accept(listener).ok());
        let mut length = 0;
        while length < LENGTH {
            length += board.recv(id).len();
            // Slower than the host: it waits, and nothing is lost.
            std::thread::sleep(Duration::from_micros(100));
        }
        assert!(board.recv(id).is_empty(), "the client has said that this is all");
        board.station.send(id, format!("{length} bytes").as_bytes()).unwrap();
        board.station.close(id).unwrap();
        board.say_goodbye();
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let clock: bridge::Clock =
            Arc::new(move || u64::try_from(start.elapsed().as_micros()).unwrap());
        let at = forward(&air, &clock, None).await;
        let gateway = tokio::spawn(bridge::run(air, clock, |_| {}));
        let turn_over = async || {
            go.send(()).unwrap();
            while told.try_recv().is_err() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        assert_eq!(ask(at, 10).await, "NoNetwork");
        turn_over().await;
        assert_eq!(ask(at, 10).await, "NotListening");
        turn_over().await;
        assert_eq!(ask(at, LENGTH).await, format!("{LENGTH} bytes"));
        gateway.abort();
    });
    board.join().unwrap();
}

#[test]
fn a_port_of_the_host_has_no_more_connections_than_a_board() {
    let air = Air::new(config()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let clock: bridge::Clock = Arc::new(|| 0);
        let at = forward(&air, &clock, None).await;
        let mut idle = Vec::new();
        for _ in 0..16 {
            let mut client = tokio::net::TcpStream::connect(at).await.unwrap();
            let mut answer = [0; 9];
            client.read_exact(&mut answer).await.unwrap();
            assert_eq!(&answer, b"NoNetwork");
            idle.push(client);
        }
        assert_eq!(ask(at, 1).await, "Busy");
        drop(idle);
        let start = Instant::now();
        while ask(at, 1).await == "Busy" {
            assert!(start.elapsed() < Duration::from_secs(10));
        }
    });
}

#[test]
fn a_port_of_the_host_leads_behind_a_board_s_own_access_point() {
    let mut config = config();
    config.timings = config.timings.faster(100);
    let air = Air::new(config).unwrap();
    let start = Instant::now();
    let mut ap = AccessPoint::wpa2("board", "blinkenlights");
    ap.bssid = [0x30, 0xae, 0xa4, 9, 9, 10];
    let station = air.attach(SERVER);
    let (tell, told) = std::sync::mpsc::channel();
    let (go, gone) = std::sync::mpsc::channel();
    let board = std::thread::spawn(move || {
        let mut board = Board::new(station, start);
        let own = Ipv4Addr::new(192, 168, 4, 1);
        let addresses = IpConfig {
            address: own,
            netmask: Ipv4Addr::new(255, 255, 255, 0),
            gateway: own,
            dns: own,
        };
        let settings = SoftApSettings {
            access_point: ap,
            speech: Speech::default(),
            max_clients: 4,
            addresses,
        };
        gone.recv().unwrap();
        let now_us = board.now_us();
        board.station.start_access_point(settings, now_us);
        let listener = board.station.tcp_open().unwrap();
        board.station.bind(listener, SocketAddrV4::new(own, 80)).unwrap();
        board.station.listen(listener, 4).unwrap();
        tell.send(()).unwrap();
        for _ in 0..4 {
            let (id, _) = board.until(|station| station.accept(listener).ok());
            let mut length = 0;
            loop {
                let more = board.recv(id);
                if more.is_empty() {
                    break;
                }
                length += more.len();
            }
            let clients = board.station.clients().len();
            board.station.send(id, format!("{length} of {clients}").as_bytes()).unwrap();
            board.station.close(id).unwrap();
        }
        board.say_goodbye();
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let clock: bridge::Clock =
            Arc::new(move || u64::try_from(start.elapsed().as_micros()).unwrap());
        // The access point goes by another address than the factory's, which is the one that is known.
        let at = forward(&air, &clock, Some([2, 0, 0, 0, 0, 1])).await;
        assert_eq!(ask(at, 1).await, "NoNetwork");
        go.send(()).unwrap();
        while told.try_recv().is_err() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert_eq!(ask(at, 100_000).await, "100000 of 1");
        // At once: one visitor for both.
        let (one, other) = tokio::join!(ask(at, 1), ask(at, 2));
        assert_eq!((one.as_str(), other.as_str()), ("1 of 1", "2 of 1"));
        assert_eq!(ask(at, 3).await, "3 of 1");
        while !board.is_finished() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(ask(at, 1).await, "NoNetwork", "the access point is gone");
    });
    board.join().unwrap();
}

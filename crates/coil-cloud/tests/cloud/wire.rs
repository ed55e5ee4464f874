//! The bytes on the wire, as a microcontroller's HTTP/1.0 client needs them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use coil_cloud::{CloudConfig, DeviceKey, Peer, Spoken};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::support::TestCloud;

/// Sends bytes and reads until the server closes.
async fn exchange(address: std::net::SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn http_1_0_gets_a_length_a_reason_and_a_close() {
    let cloud = TestCloud::with_db(r#"{"posts": [{"id": "device00", "key": "k"}]}"#).await;
    let device = cloud.cloud.ensure_device("one", DeviceKey::Random).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(cloud.cloud.clone().serve(listener, std::future::pending()));
    let value = format!(
        "PUT /v2/devices/{}/streams/numeric/value HTTP/1.0\r\nHost: api-m2x.att.com\r\n\
         X-M2X-KEY: {}\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{{\"value\": 5}}",
        device.id, device.key
    );
    let host = "Host: my-json-server.typicode.com\r\n\r\n";
    for (request, status, body) in [
        (value, "202 Accepted", r#"{"status":"accepted"}"#),
        (format!("GET /u/r/posts/device00 HTTP/1.0\r\n{host}"), "200 OK", "\"key\": \"k\""),
        (format!("GET /u/r/posts/none HTTP/1.0\r\n{host}"), "404 Not Found", "{}"),
        (format!("GET /v2/status/x HTTP/1.0\r\n{host}"), "404 Not Found", "{}"),
        ("GET /v2/status HTTP/1.0\r\n\r\n".into(), "200 OK", r#"{"api":"OK","triggers":"OK"}"#),
        ("GET /u/r/posts/device00 HTTP/1.0\r\n\r\n".into(), "200 OK", "device00"),
        ("GET / HTTP/1.0\r\n\r\n".into(), "200 OK", "<h1>Workshop cloud</h1>"),
        ("GET /healthz HTTP/1.0\r\n\r\n".into(), "200 OK", "ok\n"),
        ("GET /nowhere HTTP/1.0\r\n\r\n".into(), "404 Not Found", "nothing at"),
    ] {
        let answer = exchange(address, &request).await;
        assert!(answer.starts_with(&format!("HTTP/1.0 {status}\r\n")), "{request}\n{answer}");
        let (head, content) = answer.split_once("\r\n\r\n").unwrap();
        assert!(content.contains(body), "{request}\n{answer}");
        assert!(head.contains(&format!("\r\nContent-Length: {}", content.len())), "{head}");
        assert!(!head.to_lowercase().contains("chunked"), "{head}");
    }
    server.abort();
}

#[tokio::test]
async fn a_stream_from_elsewhere_is_served_like_a_socket() {
    let cloud = TestCloud::new().await;
    let device = cloud.cloud.ensure_device("one", DeviceKey::Random).await.unwrap();
    let (mut near, far) = tokio::io::duplex(256);
    let inner = cloud.cloud.clone();
    let peer = Peer { address: "192.168.4.2".parse().ok(), tls: true };
    let server = tokio::spawn(async move { inner.serve_connection(far, peer).await });
    let request = format!(
        "GET /v2/devices/{} HTTP/1.1\r\nHost: api-m2x.att.com\r\nX-M2X-KEY: {}\r\nConnection: close\r\n\r\n",
        device.id, device.key
    );
    near.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    near.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("Connection: close"), "{answer}");
    assert!(answer.contains("\"url\":\"https://api-m2x.att.com/v2/devices/"), "{answer}");
    server.await.unwrap().unwrap();
}

#[tokio::test]
async fn the_log_explains_what_never_became_a_request() {
    let dir = tempfile::tempdir().unwrap();
    let mut config = CloudConfig::new(dir.path().join("cloud.db"));
    config.limits.header_seconds = 1;
    let cloud = TestCloud::with_config(dir, config).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(cloud.cloud.clone().serve(listener, std::future::pending()));
    for (bytes, closes, why) in [
        (&b"PUT value HTTP\r\nX-M2X-KEY: geheim\r\n\r\n"[..], false, "This is not HTTP"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", false, "This is TLS"),
        (b"GET /v2/time HTTP/1.1\r\nHost: a\r\n", true, "ended before the request did"),
        (b"GET /v2/status HTTP/1.1\r\nHost: b\r\n", false, "did not end in time"),
    ] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        // One that was served before has left nothing behind.
        stream.write_all(b"GET /v2/time HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        let mut piece = [0; 1024];
        assert!(stream.read(&mut piece).await.unwrap() > 0);
        stream.write_all(bytes).await.unwrap();
        if closes {
            stream.shutdown().await.unwrap();
        }
        let mut rest = Vec::new();
        // It may be reset; what counts is that it ends.
        let _ = stream.read_to_end(&mut rest).await;
        let mut page = String::new();
        for _ in 0..200 {
            page = cloud.call("", "GET /", "").await.text;
            if page.contains(why) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert!(page.contains(why), "{why}: {page}");
        assert!(!page.contains("geheim"), "{page}");
    }
    let page = cloud.call("", "GET /", "").await.text;
    assert!(page.contains("X-M2X-KEY (hidden)") && page.contains("Host: b"), "{page}");
    server.abort();
}

#[tokio::test]
async fn at_a_secured_port_so_many_who_say_nothing_are_met_at_a_time_and_who_leaves_makes_room() {
    const PLACES: usize = 64;
    let cloud = TestCloud::with_db("{}").await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (met, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let counts = (met.clone(), most.clone());
    // A byte is all that is asked of who comes.
    let open = move |mut stream: TcpStream| {
        let (met, most) = counts.clone();
        async move {
            most.fetch_max(met.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            let said = stream.read_u8().await;
            met.fetch_sub(1, Ordering::SeqCst);
            said.map(|_| stream)
        }
    };
    let served = cloud.cloud.clone().serve_secured(
        listener,
        Spoken::Http,
        open,
        std::future::pending::<()>(),
    );
    let server = tokio::spawn(served);
    let mut silent = Vec::new();
    for _ in 0..PLACES {
        silent.push(TcpStream::connect(address).await.unwrap());
    }
    while met.load(Ordering::SeqCst) < PLACES {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let request = "!GET /v2/status HTTP/1.0\r\n\r\n";
    let mut answer = std::pin::pin!(exchange(address, request));
    let early = tokio::time::timeout(Duration::from_millis(50), &mut answer).await;
    assert!(early.is_err(), "{early:?}");
    drop(silent.pop());
    let answer = answer.await;
    assert!(answer.starts_with("HTTP/1.0 200 OK"), "{answer}");
    assert_eq!(most.load(Ordering::SeqCst), PLACES);
    server.abort();
}

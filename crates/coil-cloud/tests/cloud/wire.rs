//! The bytes on the wire, as a microcontroller's HTTP/1.0 client needs them.

use coil_cloud::{DeviceKey, Peer};
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

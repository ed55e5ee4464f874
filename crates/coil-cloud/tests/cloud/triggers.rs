//! Triggers: when they fire, what is said to whom, and what the request log says of it.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use coil_cloud::{CloudConfig, DeviceKey, Opening, Outward, Stream};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::support::TestCloud;

/// A way to this machine's loopback address, and to nobody else.
struct ToLoopback;

impl Outward for ToLoopback {
    fn open(&self, host: &str, port: u16) -> Opening {
        let host = host.to_owned();
        Box::pin(async move {
            if host != "127.0.0.1" {
                return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is closed"));
            }
            Ok(Box::new(TcpStream::connect((host, port)).await?) as Box<dyn Stream>)
        })
    }
}

/// Somebody who is called: the port, and what is said there. Each call is answered with `answer`.
async fn listener(answer: &'static str) -> (u16, UnboundedReceiver<(String, Value)>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, told) = unbounded_channel();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut heard = Vec::new();
            loop {
                let mut piece = [0; 4096];
                let length = stream.read(&mut piece).await.unwrap();
                heard.extend_from_slice(&piece[..length]);
                let text = String::from_utf8_lossy(&heard).into_owned();
                let body = text.split_once("\r\n\r\n").map(|(_, body)| body);
                if let Some(body) = body.and_then(|body| serde_json::from_str(body).ok()) {
                    let head = text.split("\r\n\r\n").next().unwrap_or_default();
                    let _ = tell.send((head.to_owned(), body));
                    break;
                }
            }
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (port, told)
}

const OK: &str = "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok";

async fn cloud() -> TestCloud {
    let dir = tempfile::tempdir().unwrap();
    let config = CloudConfig::new(dir.path().join("cloud.db")).with_outward(Arc::new(ToLoopback));
    TestCloud::with_config(dir, config).await
}

async fn next(told: &mut UnboundedReceiver<(String, Value)>) -> (String, Value) {
    tokio::time::timeout(Duration::from_secs(10), told.recv()).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_trigger_fires_once_and_again_after_its_reset() {
    let cloud = cloud().await;
    let (port, mut told) = listener(OK).await;
    let device = cloud.cloud.ensure_device("one", DeviceKey::Random).await.unwrap();
    let path = format!("/v2/devices/{}", device.id);
    let body = json!({
        "name": "High Temperature", "conditions": {"temperature": {"gt": 30, "reset": 28}},
        "timeframe": 300, "custom_data": "ABC", "send_location": true,
        "callback_url": format!("http://127.0.0.1:{port}/fired?token=secret"),
    });
    let made = cloud.call(&device.key, &format!("POST {path}/triggers"), &body.to_string()).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let trigger = made.json();
    let url = trigger["url"].as_str().unwrap().to_owned();
    assert_eq!(made.header("location"), url);
    assert_eq!((&trigger["status"], &trigger["activated"]), (&json!("enabled"), &json!(false)));
    let place = r#"{"latitude": 49.2, "longitude": 16.6, "name": "lab"}"#;
    cloud.expect(&format!("PUT {path}/location"), place, 202).await;
    let unit = r#"{"unit": {"label": "celsius", "symbol": "ºC"}}"#;
    cloud.expect(&format!("PUT {path}/streams/temperature"), unit, 201).await;
    // Which of these values call is in the last two columns: fires, and is active afterwards.
    for (value, fires, active) in [
        (29.0, false, false),
        (31.0, true, true),
        (35.0, false, true),
        (29.0, false, true),
        (40.0, false, true),
        (28.0, false, false),
        (30.0, false, false),
        (30.5, true, true),
    ] {
        let put = format!("PUT {path}/streams/temperature/value");
        cloud.expect(&put, &json!({ "value": value }).to_string(), 202).await;
        let shown = cloud.expect(&format!("GET {path}/triggers"), "", 200).await.json();
        assert_eq!(shown["triggers"][0]["activated"], active, "{value}");
        if fires {
            let (head, said) = next(&mut told).await;
            assert!(head.starts_with("POST /fired?token=secret HTTP/1.1\r\n"), "{head}");
            assert_eq!(said["values"]["temperature"]["value"], value);
            assert_eq!(said["values"]["temperature"]["unit"], "ºC");
            assert_eq!(said["event"], "fired");
            assert_eq!(said["trigger"], "High Temperature");
            assert_eq!(said["device"]["id"], device.id);
            assert_eq!(said["custom_data"], "ABC");
            assert_eq!(said["location"]["name"], "lab");
        }
    }
    assert!(told.try_recv().is_err(), "called too often");
    let log = log_with(&cloud, &path, "/fired").await;
    let call = log.iter().find(|it| it["path"].as_str().unwrap().contains("/fired")).unwrap();
    assert_eq!((&call["status"], &call["answer"]), (&json!(200), &json!("ok")));
    assert!(call["path"].as_str().unwrap().ends_with("token=(hidden)"), "{call}");
}

/// The log of a device, once it speaks of a call of this path.
async fn log_with(cloud: &TestCloud, device: &str, path: &str) -> Vec<Value> {
    for _ in 0..200 {
        let log = cloud.expect(&format!("GET {device}/log"), "", 200).await.json();
        let log = log["requests"].as_array().unwrap().clone();
        if log.iter().any(|it| it["path"].as_str().unwrap().contains(path)) {
            return log;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the log says nothing of {path}");
}

#[tokio::test]
async fn conditions_on_several_streams_have_to_hold_within_the_timeframe() {
    let cloud = cloud().await;
    let (port, mut told) = listener(OK).await;
    let device = cloud.cloud.ensure_device("one", DeviceKey::Random).await.unwrap();
    let path = format!("/v2/devices/{}", device.id);
    let body = json!({
        "name": "muggy", "frequency": "continuous", "timeframe": 60,
        "conditions": {"t": {"gte": 25}, "h": {"gt": 70, "lt": 100}},
        "callback_url": format!("http://127.0.0.1:{port}"),
    });
    cloud.expect(&format!("POST {path}/triggers"), &body.to_string(), 201).await;
    for (stream, value, second, fires) in [
        ("t", 26, 0, false),
        ("h", 80, 61, false),
        ("t", 27, 62, true),
        ("t", 28, 63, true),
        ("h", 100, 64, false),
        ("h", 71, 65, true),
    ] {
        let at = format!("2026-01-01T00:{:02}:{:02}Z", second / 60, second % 60);
        let put = format!("PUT {path}/streams/{stream}/value");
        let body = json!({ "value": value, "timestamp": at }).to_string();
        cloud.expect(&put, &body, 202).await;
        if fires {
            let (_, said) = next(&mut told).await;
            assert_eq!(said["values"][stream]["value"], value);
            assert_eq!(said["values"].as_object().unwrap().len(), 2);
        }
    }
    assert!(told.try_recv().is_err(), "called too often");
}

#[tokio::test]
async fn a_trigger_of_a_distribution_fires_for_each_of_its_devices() {
    let cloud = cloud().await;
    let (port, mut told) = listener(OK).await;
    let made = r#"{"name": "class", "visibility": "private"}"#;
    let made = cloud.expect("POST /v2/distributions", made, 201).await.json();
    let class = format!("/v2/distributions/{}", made["id"].as_str().unwrap());
    let body = json!({
        "name": "lid", "conditions": {"lid": {"match": "open"}},
        "callback_url": format!("http://127.0.0.1:{port}/lid"),
    });
    let trigger = cloud.expect(&format!("POST {class}/triggers"), &body.to_string(), 201).await;
    let trigger = trigger.json();
    let id = trigger["id"].as_str().unwrap();
    cloud.expect(&format!("POST {class}/triggers/{id}/test"), "", 409).await;
    for seat in ["a", "b"] {
        let body = json!({ "serial": seat }).to_string();
        let device = cloud.expect(&format!("POST {class}/devices"), &body, 201).await.json();
        for value in ["shut", "open", "open"] {
            let line = format!("POST /v2/devices/{}/update", device["id"].as_str().unwrap());
            let body = json!({ "values": { "lid": value } }).to_string();
            cloud.expect(&line, &body, 202).await;
        }
        let (_, said) = next(&mut told).await;
        assert_eq!(said["device"]["serial"], seat);
        // The next one has its number, and nothing else of it.
        cloud
            .expect(&format!("DELETE /v2/devices/{}", device["id"].as_str().unwrap()), "", 204)
            .await;
    }
    let shown = cloud.expect(&format!("GET {class}/triggers/{id}"), "", 200).await.json();
    assert_eq!(shown["activated"], false);
    let body = json!({ "serial": "c" }).to_string();
    cloud.expect(&format!("POST {class}/devices"), &body, 201).await;
    cloud.expect(&format!("POST {class}/triggers/{id}/test"), "", 202).await;
    assert_eq!(next(&mut told).await.1["event"], "test");
    let off = r#"{"status": "disabled"}"#;
    cloud.expect(&format!("PUT {class}/triggers/{id}"), off, 204).await;
    let shown = cloud.expect(&format!("GET {class}/triggers/{id}"), "", 200).await.json();
    assert_eq!((&shown["status"], &shown["activated"]), (&json!("disabled"), &json!(false)));
    cloud.expect(&format!("DELETE {class}/triggers/{id}"), "", 204).await;
    cloud.expect(&format!("GET {class}/triggers/{id}"), "", 404).await;
    assert!(told.try_recv().is_err(), "called too often");
}

#[tokio::test]
async fn a_value_fires_whichever_service_it_came_by() {
    let cloud = cloud().await;
    let (port, mut told) = listener(OK).await;
    let device = cloud.cloud.ensure_device("one", DeviceKey::Random).await.unwrap();
    let (id, key) = (&device.id, &device.key);
    for (stream, line, body) in [
        ("t", format!("PUT /v2/devices/{id}/streams/t/value"), r#"{"value": 31}"#),
        ("u", format!("POST /v2/devices/{id}/updates"), r#"{"values": {"u": [{"value": 31}]}}"#),
        ("V1", format!("GET /external/api/update?token={key}&V1=31"), ""),
        ("field1", format!("GET /update?api_key={key}&field1=31"), ""),
        ("value", format!("POST /devices/{id}/datapoints"), r#"{"value": 31}"#),
    ] {
        let trigger = json!({
            "name": stream, "conditions": {stream: {"gt": 30}},
            "callback_url": format!("http://127.0.0.1:{port}/"),
        });
        let made = format!("POST /v2/devices/{id}/triggers");
        cloud.expect(&made, &trigger.to_string(), 201).await;
        let (method, path) = line.split_once(' ').unwrap();
        let request = axum::http::Request::builder()
            .method(method)
            .uri(path)
            .header("X-M2X-KEY", key)
            .header("Authorization", format!("Bearer {key}"))
            .header("Content-Type", "application/json")
            .body(axum::body::Body::from(body))
            .unwrap();
        let answer = cloud.send(request).await;
        assert!(answer.status.is_success(), "{line}: {}", answer.text);
        assert_eq!(next(&mut told).await.1["trigger"], stream);
    }
}

#[tokio::test]
async fn the_log_says_why_nobody_was_reached() {
    let cloud = cloud().await;
    let (port, _told) = listener("HTTP/1.0 500 Broken\r\n\r\n").await;
    let device = cloud.cloud.ensure_device("one", DeviceKey::Random).await.unwrap();
    let path = format!("/v2/devices/{}", device.id);
    for (url, status, why) in [
        (format!("http://127.0.0.1:{port}/broken"), 500, "answered 500"),
        ("http://127.0.0.1:1/nobody".into(), 502, "was not reached"),
        ("http://192.0.2.1/closed".into(), 502, "it is closed"),
    ] {
        let body = json!({ "name": "n", "conditions": {"s": {"gt": 0}}, "callback_url": url });
        let made = cloud.expect(&format!("POST {path}/triggers"), &body.to_string(), 201).await;
        let line = format!("POST {path}/triggers/{}/test", made.json()["id"].as_str().unwrap());
        cloud.expect(&line, "", 202).await;
        let log = log_with(&cloud, &path, &url).await;
        let call = log.iter().find(|it| it["path"] == url).unwrap();
        assert_eq!(call["status"], status, "{call}");
        assert!(call["reason"].as_str().unwrap().contains(why), "{call}");
    }
}

#[tokio::test]
async fn what_makes_no_trigger_is_refused() {
    let cloud = cloud().await;
    let device = cloud.cloud.ensure_device("one", DeviceKey::Random).await.unwrap();
    let other = cloud.cloud.ensure_device("two", DeviceKey::Random).await.unwrap();
    let path = format!("/v2/devices/{}/triggers", device.id);
    let good = json!({"name": "n", "conditions": {"s": {"gt": 0}}, "callback_url": "http://a/"});
    for (field, value) in [
        ("name", json!("")),
        ("conditions", json!({})),
        ("conditions", json!({"s": {}})),
        ("conditions", json!({"s": {"near": 1}})),
        (
            "conditions",
            json!(
                (0..17)
                    .map(|n| (n.to_string(), json!({"gt": 1})))
                    .collect::<serde_json::Map<_, _>>()
            ),
        ),
        ("callback_url", json!("https://a/")),
        ("callback_url", json!("file:///etc/passwd")),
        ("frequency", json!("often")),
        ("timeframe", json!(-1)),
        ("status", json!("asleep")),
        ("custom_data", json!("x".repeat(5000))),
    ] {
        let mut body = good.clone();
        body[field] = value;
        let answer = cloud.expect(&format!("POST {path}"), &body.to_string(), 422).await;
        assert!(answer.json()["errors"][field].is_array(), "{field}: {}", answer.text);
    }
    let refused = cloud.call(&other.key, &format!("POST {path}"), &good.to_string()).await;
    assert_eq!(refused.status, 403);
    for _ in 0..50 {
        cloud.expect(&format!("POST {path}"), &good.to_string(), 201).await;
    }
    cloud.expect(&format!("POST {path}"), &good.to_string(), 409).await;
}

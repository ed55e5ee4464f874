//! The workshop's own calls: seats with their keys, keys that only read, and who may look at the page.

use std::collections::HashSet;

use axum::body::Body;
use axum::http::Request;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use coil_cloud::{Client, DeviceKey, Peer};
use serde_json::{Value, json};

use crate::support::TestCloud;

fn field<'a>(seat: &'a Value, name: &str) -> &'a str {
    seat[name].as_str().unwrap_or_else(|| panic!("no {name} in {seat}"))
}

#[tokio::test]
async fn seats_are_made_once_and_their_keys_are_exchanged_and_taken_back() {
    let cloud = TestCloud::new().await;
    let ask = |body: &str| {
        let body = body.to_owned();
        let cloud = &cloud;
        async move { cloud.expect("POST /coil/seats", &body, 200).await.json()["seats"].clone() }
    };
    let made = ask(r#"{"count": 12, "prefix": "seat", "first": 95}"#).await;
    let made = made.as_array().unwrap();
    assert_eq!((field(&made[0], "name"), field(&made[11], "name")), ("seat95", "seat106"));
    let keys: HashSet<&str> = made.iter().map(|seat| field(seat, "key")).collect();
    assert!(keys.len() == 12 && keys.iter().all(|key| key.len() == 32));
    assert!(made.iter().all(|seat| seat["guessable"] == false));
    let again = ask(r#"{"count": 2, "prefix": "seat", "first": 95, "keys": "md5"}"#).await;
    assert_eq!(again[0], made[0], "who has a key keeps it");
    let old = ask(r#"{"count": 1, "keys": "md5"}"#).await[0].clone();
    assert_eq!(field(&old, "key"), "75ed7be11c6ca9631d1e50320dee9663");
    assert_eq!((&old["id"], &old["guessable"]), (&old["key"], &json!(true)));
    let get = format!("GET /v2/devices/{}", field(&old, "id"));
    let extra = json!({"name": "x", "permissions": ["GET"], "device": old["id"]}).to_string();
    let extra = cloud.expect("POST /v2/keys", &extra, 201).await.json();
    let new = cloud.expect("POST /coil/seats/device00/rotate", "", 200).await.json();
    assert_eq!((&new["id"], &new["guessable"]), (&old["id"], &json!(false)));
    for (key, status) in [(&old, 401), (&extra, 401), (&new, 200)] {
        assert_eq!(cloud.call(field(key, "key"), &get, "").await.status, status);
    }
    cloud.expect("DELETE /coil/seats/device00/keys", "", 204).await;
    assert_eq!(cloud.call(field(&new, "key"), &get, "").await.status, 401);
    let all = cloud.expect("GET /coil/seats", "", 200).await.json();
    assert_eq!(all["seats"].as_array().unwrap().len(), 13);
    let fresh = ask(r#"{"count": 1}"#).await[0].clone();
    assert_eq!(cloud.call(field(&fresh, "key"), &get, "").await.status, 200);
}

#[tokio::test]
async fn what_makes_no_seats_is_refused_in_words() {
    let cloud = TestCloud::new().await;
    for (body, name) in [
        ("{}", "count"),
        (r#"{"count": 0}"#, "count"),
        (r#"{"count": 1001}"#, "count"),
        (r#"{"count": 1, "first": 100001}"#, "first"),
        (r#"{"count": 1, "prefix": "../x"}"#, "prefix"),
        (r#"{"count": 1, "prefix": "=cmd()"}"#, "prefix"),
        (r#"{"count": 1, "keys": "sha1"}"#, "keys"),
    ] {
        let answer = cloud.expect("POST /coil/seats", body, 422).await;
        assert!(answer.json()["errors"][name].is_array(), "{body}: {}", answer.text);
    }
    cloud.expect("POST /coil/seats/nobody/rotate", "", 404).await;
    cloud.expect("DELETE /coil/readers/nobody", "", 404).await;
    let device = cloud.cloud.ensure_device("one", DeviceKey::Random).await.unwrap();
    for key in ["", device.key.as_str()] {
        let status = if key.is_empty() { 401 } else { 403 };
        assert_eq!(cloud.call(key, "GET /coil/seats", "").await.status, status);
        assert_eq!(cloud.call(key, "POST /coil/readers", "{}").await.status, status);
    }
}

#[tokio::test]
async fn a_key_that_only_reads_gets_no_key_that_does_more() {
    let cloud = TestCloud::new().await;
    let device = cloud.cloud.ensure_device("one", DeviceKey::Random).await.unwrap();
    let made = r#"{"name": "class", "visibility": "private"}"#;
    let class = cloud.expect("POST /v2/distributions", made, 201).await.json();
    let group = cloud.expect("POST /v2/collections", r#"{"name": "row"}"#, 201).await.json();
    let (class, group) = (field(&class, "id"), field(&group, "id"));
    cloud.expect(&format!("PUT /v2/collections/{group}/devices/{}", device.id), "", 204).await;
    cloud
        .expect(&format!("POST /v2/distributions/{class}/devices"), r#"{"serial": "s"}"#, 201)
        .await;
    let reader = cloud.expect("POST /coil/readers", r#"{"name": "projector"}"#, 200).await.json();
    cloud.expect("POST /coil/readers", r#"{"name": "projector"}"#, 422).await;
    let of_device = json!({"name": "x", "permissions": ["GET"], "device": device.id}).to_string();
    let of_device = cloud.expect("POST /v2/keys", &of_device, 201).await.json();
    let late = json!({"name": "x", "permissions": ["GET", "PUT", "POST", "DELETE"],
        "expires_at": "2100-01-01T00:00:00Z"});
    let late = cloud.expect("POST /v2/keys", &late.to_string(), 201).await.json();
    for key in [&reader, &of_device, &late].map(|key| field(key, "key")) {
        for (path, refused) in [
            ("/v2/devices".to_owned(), 403),
            (format!("/v2/devices/{}", device.id), 403),
            (format!("/v2/distributions/{class}"), 403),
            (format!("/v2/distributions/{class}/devices"), 403),
            ("/v2/distributions".to_owned(), 403),
            (format!("/v2/collections/{group}/devices"), 403),
            (format!("/v2/collections/{group}"), 403),
            ("/v2/collections".to_owned(), 403),
            ("/v2/keys".to_owned(), 403),
            (format!("/v2/keys?device={}", device.id), 403),
            ("/coil/seats".to_owned(), 403),
            (format!("/channels.json?api_key={key}"), 401),
            (format!("/channels/1.json?api_key={key}"), 401),
        ] {
            let answer = cloud.call(key, &format!("GET {path}"), "").await;
            assert!(answer.status == 200 || answer.status == refused, "{path}: {}", answer.text);
            let mut keys = Vec::new();
            keys_in(&answer.json(), &mut keys);
            assert_eq!(keys, Vec::<String>::new(), "{path} gives keys away");
        }
    }
    let shown = cloud.expect(&format!("GET /v2/devices/{}", device.id), "", 200).await.json();
    assert_eq!(shown["key"], device.key.as_str(), "a full key sees them");
    cloud.expect("DELETE /coil/readers/projector", "", 204).await;
    assert_eq!(cloud.call(field(&reader, "key"), "GET /v2/devices", "").await.status, 401);
}

/// All keys that an answer shows.
fn keys_in(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| keys_in(item, found)),
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) if name == "key" || name == "api_key" => {
                        found.push(text.clone());
                    }
                    value => keys_in(value, found),
                }
            }
        }
        _ => {}
    }
}

#[tokio::test]
async fn the_page_is_for_those_at_this_machine_and_for_holders_of_a_key() {
    let cloud = TestCloud::new().await;
    let device = cloud.cloud.ensure_device("one", DeviceKey::Random).await.unwrap();
    let reader = cloud.expect("POST /coil/readers", r#"{"name": "projector"}"#, 200).await.json();
    let basic = |key: &str| format!("Basic {}", STANDARD.encode(format!("anyone:{key}")));
    for (address, host, key, status) in [
        ("127.0.0.1", "127.0.0.1:8088", "", 200),
        ("127.0.0.1", "localhost:8088", "", 200),
        ("::1", "[::1]:8088", "", 200),
        ("127.0.0.1", "evil.example", "", 401),
        ("127.0.0.1", "evil.example", field(&reader, "key"), 200),
        ("192.168.1.7", "192.168.1.2:8088", "", 401),
        ("192.168.1.7", "192.168.1.2:8088", "wrong", 401),
        ("192.168.1.7", "192.168.1.2:8088", &device.key, 401),
        ("192.168.1.7", "192.168.1.2:8088", field(&reader, "key"), 200),
        ("192.168.1.7", "192.168.1.2:8088", &cloud.master, 200),
    ] {
        let mut request = Request::get("/").header("Host", host);
        if !key.is_empty() {
            request = request.header("Authorization", basic(key));
        }
        let peer = Peer { address: address.parse().ok(), tls: false };
        let answer = cloud.send(request.extension(peer).body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, status, "{address} {host}: {}", answer.text);
        let asks = answer.header("www-authenticate").starts_with("Basic ");
        assert_eq!(asks, status == 401);
    }
}

#[tokio::test]
async fn the_page_of_one_device_has_its_requests_alone() {
    let cloud = TestCloud::new().await;
    let mine = cloud.cloud.ensure_device("mine", DeviceKey::Random).await.unwrap();
    let other = cloud.cloud.ensure_device("other", DeviceKey::Random).await.unwrap();
    for (device, stream) in [(&mine, "alpha"), (&other, "beta")] {
        let line = format!("PUT /v2/devices/{}/streams/{stream}/value", device.id);
        cloud.expect(&line, r#"{"value": 1}"#, 202).await;
    }
    let all = cloud.call("", "GET /", "").await.text;
    assert!(all.contains("alpha") && all.contains("beta"), "{all}");
    assert!(all.contains(&format!("/?device={}", mine.id)), "{all}");
    let one = cloud.call("", &format!("GET /?device={}", mine.id), "").await.text;
    assert!(one.contains("alpha") && !one.contains("beta"), "{one}");
    assert_eq!(cloud.call("", "GET /?device=%3Cb%3E", "").await.status, 404);
}

#[tokio::test]
async fn a_client_of_the_cloud_hears_the_same_here_and_there() {
    let cloud = TestCloud::new().await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(cloud.cloud.clone().serve(listener, std::future::pending()));
    for client in [Client::of(&cloud.cloud), Client::at(&url, &cloud.master)] {
        let made = client.call("POST", "/coil/seats", &json!({ "count": 3 })).await.unwrap();
        assert_eq!(made["seats"].as_array().unwrap().len(), 3);
        let refused = client.call("POST", "/coil/seats", &json!({})).await.unwrap_err();
        assert!(refused.to_string().contains("`count`"), "{refused}");
    }
    let nobody = Client::at("http://127.0.0.1:1", "").call("GET", "/", &Value::Null).await;
    assert!(nobody.unwrap_err().to_string().contains("not reached"));
}

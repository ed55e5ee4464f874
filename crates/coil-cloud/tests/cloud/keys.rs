//! What each kind of key opens, and what it does not.

use coil_cloud::{CloudConfig, DeviceKey};
use serde_json::json;

use crate::support::{Answer, TestCloud};

#[tokio::test]
async fn a_key_opens_what_it_is_for_and_nothing_else() {
    let cloud = TestCloud::new().await;
    let mine = cloud.cloud.ensure_device("mine", DeviceKey::Random).await.unwrap();
    let other = cloud.cloud.ensure_device("other", DeviceKey::Random).await.unwrap();
    let make = async |body: serde_json::Value| {
        let answer = cloud.expect("POST /v2/keys", &body.to_string(), 201).await;
        assert_eq!(answer.header("location"), "", "a key is no part of a URL");
        answer.json()["key"].as_str().unwrap().to_owned()
    };
    let reader = make(json!({"name": "projector", "permissions": ["GET"]})).await;
    let stream =
        json!({"name": "one stream", "permissions": "GET,PUT", "device": mine.id, "stream": "a"});
    let stream = make(stream).await;
    let past = json!({"name": "old", "permissions": ["GET"], "expires_at": "2020-01-01T00:00:00Z"});
    let past = make(past).await;
    let far = make(json!({"name": "far", "permissions": ["GET"], "origin": "10.0.0.0/8"})).await;
    let put =
        |device: &str, stream: &str| format!("PUT /v2/devices/{device}/streams/{stream}/value");
    let get = |device: &str| format!("GET /v2/devices/{device}");
    cloud.expect(&put(&mine.id, "a"), r#"{"value": 1}"#, 202).await;
    for (key, line, status) in [
        (&mine.key, put(&mine.id, "a"), 202),
        (&mine.key, put(&mine.id, "b"), 202),
        (&mine.key, put(&other.id, "a"), 403),
        (&mine.key, put("none", "a"), 404),
        (&mine.key, get(&mine.id), 200),
        (&mine.key, get(&other.id), 403),
        (&mine.key, "GET /v2/devices".into(), 403),
        (&mine.key, "POST /v2/devices".into(), 403),
        (&mine.key, format!("DELETE /v2/devices/{}", mine.id), 403),
        (&mine.key, "GET /v2/keys".into(), 403),
        (&mine.key, "GET /v2/distributions".into(), 403),
        (&mine.key, "GET /v2/collections".into(), 403),
        (&mine.key, "POST /v2/commands".into(), 403),
        (&reader, get(&mine.id), 200),
        (&reader, "GET /v2/devices".into(), 200),
        (&reader, put(&mine.id, "a"), 403),
        (&stream, put(&mine.id, "a"), 202),
        (&stream, put(&mine.id, "b"), 403),
        (&stream, get(&mine.id), 403),
        (&past, get(&mine.id), 401),
        (&far, get(&mine.id), 403),
    ] {
        let body = if line.starts_with("PUT") { r#"{"value": 2}"# } else { "" };
        let answer = cloud.call(key, &line, body).await;
        assert_eq!(answer.status, status, "{line}: {}", answer.text);
        assert_eq!(answer.json().get("message").is_some(), status >= 400, "{}", answer.text);
    }
}

#[tokio::test]
async fn an_exchanged_or_deleted_key_opens_nothing_from_then_on() {
    let cloud = TestCloud::new().await;
    let device = cloud.cloud.ensure_device("one", DeviceKey::Random).await.unwrap();
    let line = format!("GET /v2/devices/{}", device.id);
    assert_eq!(cloud.call(&device.key, &line, "").await.status, 200);
    let again =
        cloud.expect(&format!("POST /v2/keys/{}/regenerate", device.key), "", 201).await.json();
    let fresh = again["key"].as_str().unwrap();
    assert_eq!(cloud.call(&device.key, &line, "").await.status, 401);
    assert_eq!(cloud.call(fresh, &line, "").await.status, 200);
    cloud.expect(&format!("DELETE /v2/keys/{fresh}"), "", 204).await;
    assert_eq!(cloud.call(fresh, &line, "").await.status, 401);
    let anew = cloud.cloud.ensure_device("one", DeviceKey::Random).await.unwrap();
    assert_eq!(cloud.call(&anew.key, &line, "").await.status, 200);
    for line in ["DELETE /v2/keys/{}", "PUT /v2/keys/{}"] {
        let line = line.replace("{}", &cloud.master);
        cloud.expect(&line, r#"{"name": "x", "permissions": ["GET"]}"#, 403).await;
    }
    for (body, field) in [
        (json!({}), "name"),
        (json!({"name": "x"}), "permissions"),
        (json!({"name": "x", "permissions": ["FLY"]}), "permissions"),
        (json!({"name": "x", "permissions": ["GET"], "stream": "a"}), "stream"),
        (json!({"name": "x", "permissions": ["GET"], "origin": "home"}), "origin"),
    ] {
        let answer = cloud.expect("POST /v2/keys", &body.to_string(), 422).await.json();
        assert!(answer["errors"][field].is_array(), "{body}: {answer}");
    }
}

#[tokio::test]
async fn a_distribution_or_collection_key_reaches_its_devices() {
    let cloud = TestCloud::new().await;
    let made = r#"{"name": "boards", "visibility": "private"}"#;
    let boards = cloud.expect("POST /v2/distributions", made, 201).await.json();
    let id = boards["id"].as_str().unwrap();
    cloud
        .expect(
            &format!("PUT /v2/distributions/{id}/streams/light"),
            r#"{"unit": {"label": "lux"}}"#,
            201,
        )
        .await;
    let key = boards["key"].as_str().unwrap();
    let line = format!("POST /v2/distributions/{id}/devices");
    let device = cloud.call(key, &line, r#"{"serial": "s1"}"#).await;
    assert_eq!(device.status, 201, "{}", device.text);
    assert_eq!(device.json()["distribution_name"], json!("boards"));
    let light = cloud.call(key, "GET /v2/devices/serial/s1/streams/light", "").await;
    assert_eq!(light.json()["unit"]["label"], json!("lux"));
    let alone = cloud.cloud.ensure_device("alone", DeviceKey::Random).await.unwrap();
    let alone_line = format!("GET /v2/devices/{}", alone.id);
    assert_eq!(cloud.call(key, &alone_line, "").await.status, 403);

    let house = cloud.expect("POST /v2/collections", r#"{"name": "house"}"#, 201).await.json();
    let body = json!({"name": "attic", "parent": house["id"]}).to_string();
    let attic = cloud.expect("POST /v2/collections", &body, 201).await.json();
    let member = format!("/v2/collections/{}/devices/{}", attic["id"].as_str().unwrap(), alone.id);
    let key = house["key"].as_str().unwrap();
    assert_eq!(cloud.call(key, &alone_line, "").await.status, 403);
    cloud.expect(&format!("PUT {member}"), "", 204).await;
    assert_eq!(cloud.call(key, &alone_line, "").await.status, 200, "through the collection below");
    cloud.expect(&format!("DELETE {member}"), "", 204).await;
    assert_eq!(cloud.call(key, &alone_line, "").await.status, 403);
    let line = format!("PUT /v2/collections/{}", house["id"].as_str().unwrap());
    let body = json!({"name": "house", "parent": attic["id"]}).to_string();
    cloud.expect(&line, &body, 422).await;
}

#[tokio::test]
async fn limits_on_bodies_and_rates_are_told() {
    let dir = tempfile::tempdir().unwrap();
    let mut config = CloudConfig::new(dir.path().join("cloud.db"));
    config.limits.body_bytes = 1000;
    config.limits.requests_per_second = Some(3);
    let cloud = TestCloud::with_config(dir, config).await;
    let large = format!(r#"{{"value": "{}"}}"#, "x".repeat(1000));
    let answer = cloud.call(&cloud.master, "PUT /v2/devices/x/streams/a/value", &large).await;
    assert_eq!(answer.status, 413);
    assert!(answer.text.contains("1000 bytes"), "{}", answer.text);
    let first = cloud.call(&cloud.master, "GET /v2/devices", "").await;
    // The refused body has not been looked at, nor its key.
    let told = |answer: &Answer| {
        let names = ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"];
        names.map(|name| answer.header(name).to_owned())
    };
    assert_eq!(told(&first), ["3", "2", "1"]);
    let mut last = first;
    for _ in 0..5 {
        last = cloud.call(&cloud.master, "GET /v2/devices", "").await;
    }
    assert_eq!(told(&last), ["3", "0", "1"]);
    assert_eq!((last.status.as_u16(), last.header("retry-after")), (429, "1"));
    let answer = cloud.call("", "GET /u/r/posts", "").await;
    assert!(answer.text.contains("has no `db.json`"), "{}", answer.text);
}

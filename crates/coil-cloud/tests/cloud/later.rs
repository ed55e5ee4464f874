//! The services of later workshops: the attserver's API and Blynk's two calls.

use axum::body::Body;
use axum::http::Request;
use coil_cloud::{CloudConfig, DeviceKey};
use serde_json::{Value, json};

use crate::support::{Answer, TestCloud};

async fn bearer(cloud: &TestCloud, token: &str, line: &str, body: &str) -> Answer {
    let (method, path) = line.split_once(' ').unwrap();
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("Content-Type", "application/json; charset=utf-8")
        .header("Authorization", format!("Bearer {token}"));
    cloud.send(request.body(Body::from(body.to_owned())).unwrap()).await
}

#[tokio::test]
async fn an_attserver_client_goes_through_its_whole_round() {
    let dir = tempfile::tempdir().unwrap();
    let mut config = CloudConfig::new(dir.path().join("cloud.db"));
    config.master_password = Some("chalk".into());
    let cloud = TestCloud::with_config(dir, config).await;
    // The client carries an old token in every call; these two must not mind.
    let wrong =
        bearer(&cloud, "stale", "POST /master-token", r#"{"email": "a@b", "password": "x"}"#).await;
    assert_eq!(wrong.status, 401);
    let right = r#"{"email": "a@b", "password": "chalk"}"#;
    let master = bearer(&cloud, "stale", "POST /master-token", right).await.json();
    let master = master["token"].as_str().unwrap();
    let made = bearer(&cloud, "stale", "POST /devices", r#"{"name": null}"#).await;
    assert_eq!(made.status, 200);
    let (id, token) = (made.json()["id"].clone(), made.json()["token"].clone());
    let (id, token) = (id.as_str().unwrap(), token.as_str().unwrap());
    assert_eq!(token.len(), 8);
    for value in ["1", "2.5", "-3"] {
        let line = format!("POST /devices/{id}/datapoints");
        let answer = bearer(&cloud, token, &line, &format!("{{\"value\": {value}}}")).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }
    let points = bearer(&cloud, token, &format!("GET /devices/{id}/datapoints"), "").await.json();
    let values: Vec<&Value> = points.as_array().unwrap().iter().map(|one| &one["value"]).collect();
    assert_eq!(values, [&json!(-3), &json!(2.5), &json!(1)]);
    let at = points[0]["updated_at"].as_str().unwrap();
    assert!(at.len() == 29 && at.ends_with("+00:00"), "{at}");
    for (token, line, body, status) in [
        (token, "GET /devices", "", 403),
        (master, "GET /devices", "", 200),
        (token, "GET /devices/{}", "", 200),
        ("stale", "GET /devices/{}", "", 401),
        (token, "POST /devices/{}/datapoints", r#"{"value": "x"}"#, 422),
        (token, "POST /devices/{}/datapoints", "{}", 422),
        (token, "PUT /devices/{}", "{}", 405),
        (token, "DELETE /devices/{}", "", 200),
        (master, "GET /devices/{}", "", 404),
    ] {
        let line = line.replace("{}", id);
        let answer = bearer(&cloud, token, &line, body).await;
        assert_eq!(answer.status.as_u16(), status, "{line}: {}", answer.text);
    }
    assert_eq!(cloud.call("", &format!("GET /devices/{id}"), "").await.status, 401);
    let page = cloud.call("", "GET /", "").await.text;
    assert!(!page.contains(token) && !page.contains("chalk") && !page.contains(master), "{page}");
}

#[tokio::test]
async fn blynk_pins_are_set_and_read_by_a_token_that_is_not_logged() {
    let cloud = TestCloud::new().await;
    let device = cloud.cloud.ensure_device("one", DeviceKey::Random).await.unwrap();
    let key = &device.key;
    let reads = json!({"name": "r", "permissions": ["GET"], "device": device.id}).to_string();
    let reads = cloud.expect("POST /v2/keys", &reads, 201).await.json();
    let reads = reads["key"].as_str().unwrap();
    for (path, status, text) in [
        (format!("update?token={key}&V1=5"), 200, ""),
        (format!("update?token={key}&V2=on&V3=1.5"), 200, ""),
        (
            format!("update?token={reads}&V1=6"),
            400,
            r#"{"error":{"message":"Your API key does not allow PUT requests, only GET"}}"#,
        ),
        (format!("get?token={reads}&V1"), 200, "5"),
        (format!("get?token={key}&V1"), 200, "5"),
        (format!("get?token={key}&V2"), 200, "on"),
        (
            format!("get?token={key}&V9"),
            400,
            r#"{"error":{"message":"The specified pin does not exist"}}"#,
        ),
        ("update?token=x&V1=5".into(), 400, r#"{"error":{"message":"Invalid token."}}"#),
        ("update?V1=5".into(), 400, r#"{"error":{"message":"Invalid token."}}"#),
        (
            format!("update?token={}&V1=5", cloud.master),
            400,
            r#"{"error":{"message":"Invalid token."}}"#,
        ),
        (
            format!("update?token={key}"),
            400,
            r#"{"error":{"message":"No pin: say one as in `V1=5`"}}"#,
        ),
    ] {
        let answer = cloud.call("", &format!("GET /external/api/{path}"), "").await;
        assert_eq!((answer.status.as_u16(), answer.text.as_str()), (status, text), "{path}");
    }
    let log = cloud.expect(&format!("GET /v2/devices/{}/log", device.id), "", 200).await;
    assert!(log.text.contains("token=(hidden)&V1=5"), "{}", log.text);
    let page = cloud.call("", "GET /", "").await.text;
    assert!(page.contains("400 Invalid token.") && !page.contains(key), "{page}");
}

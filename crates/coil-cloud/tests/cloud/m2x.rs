//! M2X: what its documentation and its clients expect.

use coil_cloud::DeviceKey;
use serde_json::json;

use crate::support::TestCloud;

#[tokio::test]
async fn a_value_that_was_put_is_read_back() {
    let cloud = TestCloud::new().await;
    let device = cloud.cloud.ensure_device("device00", DeviceKey::Md5OfName).await.unwrap();
    assert_eq!(device.key, "75ed7be11c6ca9631d1e50320dee9663");
    let stream = format!("/v2/devices/{}/streams/numeric", device.id);
    let put = cloud.call(&device.key, &format!("PUT {stream}/value"), r#"{"value": 5}"#).await;
    assert_eq!((put.status.as_u16(), put.text.as_str()), (202, r#"{"status":"accepted"}"#));
    let shown = cloud.call(&device.key, &format!("GET {stream}"), "").await.json();
    assert_eq!((&shown["value"], &shown["type"]), (&json!(5), &json!("numeric")));
    let by_serial = "GET /v2/devices/serial/device00/streams/numeric/values?limit=1";
    let listed = cloud.call(&device.key, by_serial, "").await.json();
    assert_eq!(listed["values"][0]["value"], json!(5));
    assert_eq!(listed["limit"], json!(1));
}

#[tokio::test]
async fn a_refused_call_says_why_and_is_in_the_log_without_its_key() {
    let cloud = TestCloud::new().await;
    let mine = cloud.cloud.ensure_device("mine", DeviceKey::Random).await.unwrap();
    let other = cloud.cloud.ensure_device("other", DeviceKey::Random).await.unwrap();
    let line = format!("PUT /v2/devices/{}/streams/a/value", mine.id);
    for (key, body, status, reason) in [
        ("", r#"{"value": 5}"#, 401, "No API key"),
        ("nonsense", r#"{"value": 5}"#, 401, "not known"),
        (other.key.as_str(), r#"{"value": 5}"#, 403, "does not belong to the device `mine`"),
        (mine.key.as_str(), "{'value': 5}", 400, "not valid JSON"),
        (mine.key.as_str(), "[5]", 400, "must be a JSON object"),
        (mine.key.as_str(), "{}", 422, "`value` is missing"),
    ] {
        let answer = cloud.call(key, &line, body).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.text);
        let log = cloud.call(&mine.key, &format!("GET /v2/devices/{}/log", mine.id), "").await;
        let entry = &log.json()["requests"][0];
        assert_eq!(entry["status"], json!(status));
        assert!(entry["reason"].as_str().unwrap().contains(reason), "{entry}");
        for secret in [&mine.key, &other.key] {
            assert!(!log.text.contains(secret.as_str()));
        }
    }
}

#[tokio::test]
async fn data_and_master_key_outlive_the_cloud() {
    let first = TestCloud::new().await;
    let device = first.cloud.ensure_device("one", DeviceKey::Random).await.unwrap();
    let stream = format!("/v2/devices/{}/streams/a", device.id);
    first.expect(&format!("PUT {stream}/value"), r#"{"value": 1.5}"#, 202).await;
    let (dir, master) = (first.dir, first.master);
    drop(first.cloud);
    let second = TestCloud::open(dir).await;
    assert_eq!(second.master, master);
    assert_eq!(second.cloud.ensure_device("one", DeviceKey::Random).await.unwrap(), device);
    let shown = second.expect(&format!("GET {stream}"), "", 200).await;
    assert_eq!(shown.json()["value"], json!(1.5));
}

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

#[tokio::test]
async fn devices_are_made_found_changed_and_removed() {
    let cloud = TestCloud::new().await;
    for (body, field) in [
        (json!({}), "name"),
        (json!({"name": "x"}), "visibility"),
        (json!({"name": "x", "visibility": "secret"}), "visibility"),
        (json!({"name": "x", "visibility": "public", "metadata": 5}), "metadata"),
    ] {
        let answer = cloud.expect("POST /v2/devices", &body.to_string(), 422).await.json();
        assert_eq!(answer["message"], json!("Validation Failed"));
        assert!(answer["errors"][field].is_array(), "{body}: {answer}");
    }
    let body = json!({"name": "Lamp", "visibility": "public", "tags": "kitchen, light",
        "serial": "L 1", "description": "on the wall", "metadata": {"owner": "Ann"}});
    let made = cloud.expect("POST /v2/devices", &body.to_string(), 201).await;
    let device = made.json();
    let id = device["id"].as_str().unwrap().to_owned();
    assert_eq!(made.header("location"), format!("http://127.0.0.1/v2/devices/{id}"));
    assert_eq!(device["tags"], json!(["kitchen", "light"]));
    cloud.expect("POST /v2/devices", &body.to_string(), 422).await;
    let body = json!({"name": "Fan", "visibility": "private", "tags": ["kitchen"]});
    let fan = cloud.expect("POST /v2/devices", &body.to_string(), 201).await.json();
    cloud
        .expect(&format!("PUT /v2/devices/{id}/streams/level/value"), r#"{"value": 7}"#, 202)
        .await;
    let place = r#"{"latitude": 50.08, "longitude": 14.42, "name": "Prague"}"#;
    cloud.expect(&format!("PUT /v2/devices/{id}/location"), place, 202).await;
    for (line, body, names) in [
        ("GET /v2/devices", json!(null), "Fan Lamp"),
        ("GET /v2/devices?sort=name&dir=desc", json!(null), "Lamp Fan"),
        ("GET /v2/devices?limit=1&page=2", json!(null), "Lamp"),
        ("GET /v2/devices/search?name=LAM", json!(null), "Lamp"),
        ("GET /v2/devices/search?tags=kitchen,light", json!(null), "Lamp"),
        ("GET /v2/devices/search?serial=L%201,other", json!(null), "Lamp"),
        ("GET /v2/devices/search?visibility=private", json!(null), "Fan"),
        ("GET /v2/devices/search", json!({"streams": {"level": {"gt": 6, "lt": 8}}}), "Lamp"),
        ("POST /v2/devices/search", json!({"streams": {"level": {"gt": 7}}}), ""),
        ("POST /v2/devices/search", json!({"metadata": {"owner": {"match": "Ann"}}}), "Lamp"),
        (
            "POST /v2/devices/search",
            json!({"location": {"within_circle": {"center":
            {"latitude": 50, "longitude": 14.4}, "radius": {"km": 20}}}}),
            "Lamp",
        ),
        ("GET /v2/devices/search?ids=none", json!(null), ""),
        ("GET /v2/devices/search?modified_since=2100-01-01T00:00:00Z", json!(null), ""),
    ] {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let found = cloud.expect(line, &body, 200).await.json();
        let found: Vec<&str> = found["devices"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["name"].as_str().unwrap())
            .collect();
        assert_eq!(found.join(" "), names, "{line} {body}");
    }
    let catalog = cloud.call("", "GET /v2/devices/catalog", "").await.json();
    assert_eq!((&catalog["total"], &catalog["pages"]), (&json!(1), &json!(1)));
    assert!(catalog["devices"][0].get("key").is_none(), "{catalog}");
    let tags = cloud.expect("GET /v2/devices/tags", "", 200).await.json();
    assert_eq!(tags, json!({"tags": {"kitchen": 2, "light": 1}}));
    cloud.expect(&format!("PUT /v2/devices/{id}"), r#"{"visibility": "public"}"#, 422).await;
    cloud
        .expect(&format!("PUT /v2/devices/{id}"), r#"{"name": "L", "visibility": "public"}"#, 204)
        .await;
    cloud.expect("DELETE /v2/devices/serial/L%201", "", 204).await;
    cloud.expect(&format!("GET /v2/devices/{id}"), "", 404).await;
    let key = fan["key"].as_str().unwrap();
    let disabled = r#"{"name": "Fan", "visibility": "private", "status": "disabled"}"#;
    let fan = format!("/v2/devices/{}", fan["id"].as_str().unwrap());
    cloud.expect(&format!("PUT {fan}"), disabled, 204).await;
    assert_eq!(cloud.call(key, &format!("GET {fan}"), "").await.status, 403);
}

#[tokio::test]
async fn values_are_listed_counted_sampled_and_removed() {
    let cloud = TestCloud::new().await;
    let device = cloud.cloud.ensure_device("one", DeviceKey::Random).await.unwrap();
    let stream = format!("/v2/devices/{}/streams/a", device.id);
    let points: Vec<_> = (0..5)
        .map(|n| json!({"timestamp": format!("2020-01-01T00:00:0{n}.5Z"), "value": n * 2}))
        .collect();
    let body = json!({ "values": points }).to_string();
    cloud.expect(&format!("POST {stream}/values"), &body, 202).await;
    cloud.expect(&format!("POST {stream}/values"), &body, 202).await;
    let numbers = |answer: &serde_json::Value| {
        let values = answer["values"].as_array().unwrap().iter();
        values.map(|one| one["value"].to_string()).collect::<Vec<_>>().join(" ")
    };
    for (query, expected) in [
        ("values", "8 6 4 2 0"),
        ("values?limit=2", "8 6"),
        ("values?min=2&max=6", "6 4 2"),
        ("values?start=2020-01-01T00:00:01.5Z&end=2020-01-01T00:00:03.5Z", "6 4 2"),
        ("sampling?interval=2", "8 4 0"),
        ("sampling?interval=2&type=sum", "8 10 2"),
        ("sampling?interval=60&type=avg", "4"),
    ] {
        let answer = cloud.expect(&format!("GET {stream}/{query}"), "", 200).await.json();
        assert_eq!(numbers(&answer), expected, "{query}");
    }
    let stats = cloud.expect(&format!("GET {stream}/stats"), r#"{"min": 2}"#, 200).await.json();
    assert_eq!(stats["stats"]["count"], json!(4));
    assert_eq!((&stats["stats"]["avg"], &stats["stats"]["max"]), (&json!(5.0), &json!(8.0)));
    let csv = cloud.expect(&format!("GET {stream}/values.csv?limit=1"), "", 200).await.text;
    assert_eq!(csv, "timestamp,value\n2020-01-01T00:00:04.500Z,8\n");
    let range = r#"{"from": "2020-01-01T00:00:03Z", "end": "2020-01-01T00:00:09Z"}"#;
    cloud.expect(&format!("DELETE {stream}/values"), range, 204).await;
    let shown = cloud.expect(&format!("GET {stream}"), "", 200).await.json();
    assert_eq!(shown["value"], json!(4));
    for (line, body, status) in [
        ("PUT {}/value", r#"{"value": "warm"}"#, 422),
        ("PUT {}/value", r#"{"value": [1]}"#, 422),
        ("PUT {}/value", r#"{"value": 1, "timestamp": "noon"}"#, 422),
        ("POST {}/values", r#"{"values": {}}"#, 422),
        ("GET {}/sampling", "", 422),
        ("GET {}/values?limit=many", "", 422),
        ("DELETE {}/values", "", 422),
        ("PATCH {}/value", "", 405),
    ] {
        let answer = cloud.expect(&line.replace("{}", &stream), body, status).await;
        assert!(answer.json()["message"].is_string(), "{line}");
    }
}

#[tokio::test]
async fn values_in_messagepack_are_those_in_json() {
    let cloud = TestCloud::new().await;
    let device = cloud.cloud.ensure_device("one", DeviceKey::Random).await.unwrap();
    let values = format!("/v2/devices/{}/streams/a/values", device.id);
    let body = r#"{"values": [{"timestamp": "2020-01-01T00:00:00Z", "value": 2.5},
        {"timestamp": "2020-01-01T00:00:01Z", "value": -7}]}"#;
    cloud.expect(&format!("POST {values}"), body, 202).await;
    let query = "end=2021-01-01T00:00:00Z";
    let json = cloud.expect(&format!("GET {values}?{query}"), "", 200).await.json();
    let request = axum::http::Request::get(format!("{values}.msgpack?{query}"))
        .header("X-M2X-KEY", &device.key)
        .body(axum::body::Body::empty())
        .unwrap();
    let answer = tower::ServiceExt::oneshot(cloud.cloud.router(), request).await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/x-msgpack");
    let bytes = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    let packed: serde_json::Value = rmp_serde::from_slice(&bytes).unwrap();
    assert_eq!(packed, json);
}

#[tokio::test]
async fn a_hundred_values_at_once_are_all_kept() {
    let cloud = TestCloud::new().await;
    let device = cloud.cloud.ensure_device("one", DeviceKey::Random).await.unwrap();
    let mut set = tokio::task::JoinSet::new();
    for value in 0..100 {
        let request =
            axum::http::Request::put(format!("/v2/devices/{}/streams/a/value", device.id))
                .header("X-M2X-KEY", &device.key)
                .body(axum::body::Body::from(json!({ "value": value }).to_string()))
                .unwrap();
        let router = cloud.cloud.router();
        set.spawn(
            async move { tower::ServiceExt::oneshot(router, request).await.unwrap().status() },
        );
    }
    while let Some(status) = set.join_next().await {
        assert_eq!(status.unwrap(), 202);
    }
    let line = format!("GET /v2/devices/{}/streams/a/stats", device.id);
    let stats = cloud.expect(&line, "", 200).await.json();
    assert_eq!(stats["stats"]["count"], json!(100));
    assert_eq!(stats["stats"]["avg"], json!(49.5));
}

#[tokio::test]
async fn streams_of_a_device_are_written_and_read_side_by_side() {
    let cloud = TestCloud::new().await;
    let device = cloud.cloud.ensure_device("one", DeviceKey::Random).await.unwrap();
    let url = format!("/v2/devices/{}", device.id);
    let one = r#"{"values": {"t": 20.5, "door": "open"}, "timestamp": "2020-01-01T00:00:01Z",
        "location": {"latitude": 1, "longitude": 2}}"#;
    cloud.expect(&format!("POST {url}/update"), one, 202).await;
    let many = r#"{"values": {"t": [{"timestamp": "2020-01-01T00:00:02Z", "value": 21},
        {"timestamp": "2020-01-01T00:00:03Z", "value": 22}]}}"#;
    cloud.expect(&format!("POST {url}/updates"), many, 202).await;
    let read = cloud.expect(&format!("GET {url}/values?limit=9"), "", 200).await.json();
    assert_eq!(read["values"].as_array().unwrap().len(), 3);
    let oldest =
        json!({"timestamp": "2020-01-01T00:00:01.000Z", "values": {"t": 20.5, "door": "open"}});
    assert_eq!(read["values"][2], oldest);
    let only = cloud.expect(&format!("GET {url}/values?streams=door"), "", 200).await.json();
    assert_eq!(only["values"].as_array().unwrap().len(), 1);
    for method in ["GET", "POST"] {
        let body = r#"{"conditions": {"t": {"gte": 21}}, "streams": ["t"]}"#;
        let found = cloud.expect(&format!("{method} {url}/values/search"), body, 200).await.json();
        assert_eq!(found["values"].as_array().unwrap().len(), 2);
    }
    let job = cloud.expect(&format!("GET {url}/values/export.csv"), "", 202).await;
    let path = job.header("location").trim_start_matches("http://127.0.0.1").to_owned();
    let job = cloud.expect(&format!("GET {path}"), "", 200).await.json();
    assert_eq!(job["state"], json!("complete"));
    let file = job["result"]["url"].as_str().unwrap().trim_start_matches("http://127.0.0.1");
    let text = cloud.call("", &format!("GET {file}"), "").await.text;
    assert!(text.starts_with("timestamp,door,t\n2020-01-01T00:00:03.000Z,,22\n"), "{text}");
    let location = cloud.expect(&format!("GET {url}/location"), "", 200).await.json();
    assert_eq!(location["timestamp"], json!("2020-01-01T00:00:01.000Z"));
    // One value that does not fit, and nothing of the call is stored.
    let bad = r#"{"values": {"new": 1, "t": "warm"}}"#;
    cloud.expect(&format!("POST {url}/update"), bad, 422).await;
    cloud.expect(&format!("GET {url}/streams/new"), "", 404).await;
}

#[tokio::test]
async fn streams_places_and_metadata_answer_as_documented() {
    let cloud = TestCloud::new().await;
    let device = cloud.cloud.ensure_device("one", DeviceKey::Random).await.unwrap();
    let id = &device.id;
    for (line, body, status) in [
        (
            "PUT {}/streams/t",
            r#"{"type": "numeric", "unit": {"label": "celsius", "symbol": "C"}}"#,
            201,
        ),
        ("PUT {}/streams/t", r#"{"display_name": "Temperature"}"#, 204),
        ("PUT {}/streams/t", r#"{"type": "wide"}"#, 422),
        ("PUT {}/streams/a%2Fb", "{}", 422),
        ("PUT {}/streams/empty", "", 201),
        ("GET {}/streams", "", 200),
        ("DELETE {}/streams/t", "", 204),
        ("GET {}/streams/t", "", 404),
        ("GET {}/location", "", 204),
        ("PUT {}/location", r#"{"latitude": 95, "longitude": 2}"#, 422),
        ("PUT {}/location", r#"{"latitude": "45.1", "longitude": "2"}"#, 202),
        ("GET {}/location", "", 200),
        ("GET {}/location/waypoints", "", 200),
        ("DELETE {}/location/waypoints", r#"{"from": "2000-01-01", "end": "2100-01-01"}"#, 204),
        ("GET {}/location", "", 204),
        ("PUT {}/metadata", r#"{"owner": "Ann", "floor": 2}"#, 204),
        ("PUT {}/metadata/room", r#"{"value": "attic"}"#, 204),
        ("GET {}/metadata/room", "", 200),
        ("PUT {}/metadata/room", r#"{"value": null}"#, 204),
        ("GET {}/metadata/room", "", 404),
        ("PUT {}/metadata", r#"{"deep": {"a": 1}}"#, 422),
        ("GET {}/triggers", "", 200),
        ("GET {}/nothing", "", 404),
        ("GET {}/", "", 200),
    ] {
        cloud.expect(&line.replace("{}", &format!("/v2/devices/{id}")), body, status).await;
    }
    let metadata = cloud.expect(&format!("GET /v2/devices/{id}/metadata"), "", 200).await.json();
    assert_eq!(metadata, json!({"owner": "Ann", "floor": 2}));
    let pretty = cloud.expect("GET /v2/time?pretty", "", 200).await.text;
    assert!(pretty.starts_with("{\n  \"seconds\": "), "{pretty}");
    let bare = cloud.expect("GET /v2/time/iso8601", "", 200).await;
    assert!(bare.text.len() == 24 && bare.header("content-type").starts_with("text/plain"));
    let overridden = axum::http::Request::post(format!("/v2/devices/{id}/streams/o/value"))
        .header("X-M2X-KEY", &device.key)
        .header("X-HTTP-Method-Override", "PUT")
        .body(axum::body::Body::from(r#"{"value": 1}"#))
        .unwrap();
    assert_eq!(cloud.send(overridden).await.status, 202);
}

#[tokio::test]
async fn commands_are_sent_fetched_and_answered_once() {
    let cloud = TestCloud::new().await;
    let device = cloud.cloud.ensure_device("one", DeviceKey::Random).await.unwrap();
    for (body, field) in [
        (json!({}), "name"),
        (json!({"name": "SAY"}), "targets"),
        (json!({"name": "SAY", "targets": {"devices": ["none"]}}), "targets"),
        (json!({"name": "SAY", "targets": {"tags": ["none"]}}), "targets"),
    ] {
        let answer = cloud.expect("POST /v2/commands", &body.to_string(), 422).await.json();
        assert!(answer["errors"][field].is_array(), "{answer}");
    }
    let body = json!({"name": "SAY", "data": {"text": "hi"}, "targets": {"devices": [device.id]}});
    let sent = cloud.expect("POST /v2/commands", &body.to_string(), 202).await;
    let id = sent.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(id.len(), 6 + 32);
    assert!(sent.header("location").ends_with(&format!("/v2/commands/{id}")));
    let own = format!("/v2/devices/{}/commands", device.id);
    let list = cloud.call(&device.key, &format!("GET {own}?status=pending"), "").await.json();
    assert_eq!(list["commands"][0]["data"], json!({"text": "hi"}));
    let line = format!("POST {own}/{id}/process");
    assert_eq!(cloud.call(&device.key, &line, r#"{"said": true}"#).await.status, 204);
    assert_eq!(cloud.call(&device.key, &line, "{}").await.status, 409);
    let shown = cloud.expect(&format!("GET /v2/commands/{id}"), "", 200).await.json();
    assert_eq!(shown["status_counts"], json!({"pending": 0, "processed": 1, "rejected": 0}));
    assert_eq!(shown["deliveries"][0]["response_data"], json!({"said": true}));
    let list = cloud.call(&device.key, &format!("GET {own}?status=pending"), "").await.json();
    assert_eq!(list["total"], json!(0));
}

#[tokio::test]
async fn the_page_shows_values_and_reasons_and_escapes_what_it_shows() {
    let cloud = TestCloud::new().await;
    let device = cloud.cloud.ensure_device("<b>seat 1</b>", DeviceKey::Random).await.unwrap();
    let line = format!("PUT /v2/devices/{}/streams/say/value", device.id);
    cloud.expect(&line, r#"{"value": "<script>"}"#, 202).await;
    cloud.call("", &line, r#"{"value": 1}"#).await;
    cloud.call("", "GET /u/r/posts/device00", "").await;
    let page = cloud.call("", "GET /", "").await.text;
    for shown in [
        "404 `db.json` has nothing at `/posts/device00`",
        "&lt;b&gt;seat 1&lt;/b&gt;",
        "say: <b>&lt;script&gt;</b>",
        "401 No API key",
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    assert!(
        !page.contains("<script>") && !page.contains(&device.key) && !page.contains(&cloud.master)
    );
}

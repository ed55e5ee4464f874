//! Charts over HTTP: who may do what with them, and what their pictures depend on.

use axum::body::{Body, to_bytes};
use axum::http::Request;
use coil_cloud::DeviceKey;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::support::{Answer, TestCloud};

const HOUR: &str = r#"{"values": [{"timestamp": "2026-11-28T10:00:00Z", "value": 20.5},
    {"timestamp": "2026-11-28T10:30:00Z", "value": 21.5}, {"timestamp": "2026-11-28T11:00:00Z", "value": 19}]}"#;

struct Room {
    cloud: TestCloud,
    device: String,
    key: String,
}

impl Room {
    /// A cloud with a device whose stream `temp` has three values.
    async fn new() -> Self {
        let cloud = TestCloud::new().await;
        let device = cloud.cloud.ensure_device("lamp", DeviceKey::Random).await.unwrap();
        let room = Self { cloud, device: device.id, key: device.key };
        let unit =
            r#"{"display_name": "Temperature", "unit": {"label": "celsius", "symbol": "°C"}}"#;
        room.put("temp", unit, 201).await;
        room.post_values("temp", HOUR).await;
        room
    }

    async fn put(&self, stream: &str, body: &str, status: u16) {
        self.cloud
            .expect(&format!("PUT /v2/devices/{}/streams/{stream}", self.device), body, status)
            .await;
    }

    async fn post_values(&self, stream: &str, body: &str) {
        let line = format!("POST /v2/devices/{}/streams/{stream}/values", self.device);
        self.cloud.expect(&line, body, 202).await;
    }

    fn body(&self, name: &str, streams: &[&str]) -> String {
        let one = |stream: &&str| json!({ "device": self.device, "stream": stream });
        json!({ "name": name, "series": streams.iter().map(one).collect::<Vec<_>>() }).to_string()
    }

    async fn chart(&self, streams: &[&str]) -> String {
        let made = self.cloud.expect("POST /v2/charts", &self.body("Room", streams), 201).await;
        made.json()["id"].as_str().unwrap().to_owned()
    }

    async fn svg(&self, chart: &str, query: &str) -> String {
        let answer = self.cloud.call("", &format!("GET /v2/charts/{chart}.svg{query}"), "").await;
        assert_eq!(answer.status, 200, "{query}: {}", answer.text);
        answer.text
    }

    /// A picture as a file, with its tag.
    async fn file(&self, path: &str, tag: &str) -> (u16, String, Vec<u8>) {
        let request = Request::builder().uri(path).header("Host", "127.0.0.1");
        let request = request.header("If-None-Match", tag).body(Body::empty()).unwrap();
        let response = self.cloud.cloud.router().oneshot(request).await.unwrap();
        let tag = response.headers().get("etag").unwrap().to_str().unwrap().to_owned();
        let status = response.status().as_u16();
        (status, tag, to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec())
    }
}

#[tokio::test]
async fn a_chart_is_made_shown_listed_changed_and_removed() {
    let room = Room::new().await;
    let cloud = &room.cloud;
    let made = cloud.expect("POST /v2/charts", &room.body("Room", &["temp"]), 201).await;
    let chart = made.json();
    let id = chart["id"].as_str().unwrap();
    let url = format!("http://127.0.0.1/v2/charts/{id}");
    assert_eq!(made.header("location"), url);
    assert_eq!(chart["url"], url);
    assert_eq!(chart["render"], json!({"png": format!("{url}.png"), "svg": format!("{url}.svg")}));
    assert_eq!(chart["series"], json!([{"device": room.device, "stream": "temp"}]));
    assert_eq!(cloud.call("", &format!("GET /v2/charts/{id}"), "").await.json(), chart);
    let other = cloud.cloud.ensure_device("two", DeviceKey::Random).await.unwrap();
    let list = |answer: &Answer| answer.json()["charts"].as_array().unwrap().len();
    for (query, expected) in [
        (String::new(), 1),
        (format!("?device={}", room.device), 1),
        (format!("?device={}", other.id), 0),
        ("?device=none".to_owned(), 0),
    ] {
        let answer = cloud.expect(&format!("GET /v2/charts{query}"), "", 200).await;
        assert_eq!(list(&answer), expected, "{query}");
    }
    let line = format!("PUT /v2/charts/{id}");
    assert_eq!(cloud.expect(&line, &room.body("New", &["temp", "light"]), 204).await.text, "");
    let changed = cloud.call("", &format!("GET /v2/charts/{id}"), "").await.json();
    assert_eq!((&changed["name"], changed["series"].as_array().unwrap().len()), (&json!("New"), 2));
    cloud.expect(&format!("DELETE /v2/charts/{id}"), "", 204).await;
    for path in ["", ".png", ".svg"] {
        assert_eq!(cloud.call("", &format!("GET /v2/charts/{id}{path}"), "").await.status, 404);
    }
}

#[tokio::test]
async fn what_is_no_chart_is_refused_in_words() {
    let room = Room::new().await;
    let eleven = room.body("n", &["a"; 11]);
    let long = room.body(&"n".repeat(256), &["a"]);
    for (body, word) in [
        ("{}", "name"),
        (r#"{"name": "n"}"#, "series"),
        (r#"{"name": "n", "series": {}}"#, "array"),
        (r#"{"name": "n", "series": []}"#, "from 1 to 10"),
        (r#"{"name": "n", "series": [5]}"#, "array"),
        (r#"{"name": "n", "series": [{"device": "x"}]}"#, "array"),
        (r#"{"name": "n", "series": [{"device": "x", "stream": "a/b"}]}"#, "letters"),
        (r#"{"name": "n", "series": [{"device": "x", "stream": "a"}]}"#, "does not exist"),
        (&eleven, "from 1 to 10"),
        (&long, "longer"),
    ] {
        let answer = room.cloud.expect("POST /v2/charts", body, 422).await;
        assert!(answer.text.contains(word), "{body}: {}", answer.text);
    }
    let chart = room.chart(&["temp"]).await;
    for (path, status) in [
        (format!("{chart}.pdf"), 400),
        (format!("{chart}.svg?width=199"), 422),
        (format!("{chart}.svg?height=2001"), 422),
        (format!("{chart}.png?width=-5"), 422),
        (format!("{chart}.png?width=1e9"), 422),
        (format!("{chart}.svg?start=then"), 422),
        (".png".to_owned(), 404),
        ("none.svg".to_owned(), 404),
    ] {
        let answer = room.cloud.call("", &format!("GET /v2/charts/{path}"), "").await;
        assert_eq!(answer.status, status, "{path}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_key_has_the_charts_whose_streams_it_reaches() {
    let room = Room::new().await;
    let cloud = &room.cloud;
    let other = cloud.cloud.ensure_device("two", DeviceKey::Random).await.unwrap();
    let own = room.chart(&["temp"]).await;
    let both = json!({"name": "both", "series": [
        {"device": room.device, "stream": "temp"}, {"device": other.id, "stream": "x"}]});
    let both = cloud.expect("POST /v2/charts", &both.to_string(), 201).await.json();
    let both = both["id"].as_str().unwrap();
    let limited = json!({"name": "k", "device": room.device, "stream": "light",
        "permissions": ["GET", "POST"]});
    let limited = cloud.expect("POST /v2/keys", &limited.to_string(), 201).await.json();
    let limited = limited["key"].as_str().unwrap();
    let new = room.body("new", &["temp"]);
    for (key, line, body, status) in [
        (room.key.as_str(), "POST /v2/charts".to_owned(), new.as_str(), 201),
        (&other.key, "POST /v2/charts".to_owned(), &new, 403),
        (limited, "POST /v2/charts".to_owned(), &new, 403),
        ("", "POST /v2/charts".to_owned(), &new, 401),
        ("", "GET /v2/charts".to_owned(), "", 401),
        (&room.key, format!("PUT /v2/charts/{own}"), &new, 204),
        (&other.key, format!("PUT /v2/charts/{own}"), &new, 403),
        (&room.key, format!("PUT /v2/charts/{both}"), &new, 403),
        (&room.key, format!("DELETE /v2/charts/{both}"), "", 403),
        ("", format!("DELETE /v2/charts/{both}"), "", 401),
        ("", format!("GET /v2/charts/{both}"), "", 200),
        ("", format!("GET /v2/charts/{both}.svg"), "", 200),
    ] {
        let answer = cloud.call(key, &line, body).await;
        assert_eq!(answer.status, status, "{line}: {}", answer.text);
    }
    for (key, expected) in [(&room.key, 2), (&other.key, 0), (&cloud.master, 3)] {
        let list = cloud.call(key, "GET /v2/charts", "").await.json();
        assert_eq!(list["charts"].as_array().unwrap().len(), expected, "{list}");
    }
}

#[tokio::test]
async fn a_picture_shows_names_units_and_values_and_is_escaped() {
    let room = Room::new().await;
    let line = format!("POST /v2/devices/{}/streams/mode/values", room.device);
    room.cloud.expect(&line, r#"{"values": [{"value": "on"}]}"#, 202).await;
    let body = room.body("<b> & \"x\"", &["temp", "mode", "none"]);
    let chart = room.cloud.expect("POST /v2/charts", &body, 201).await.json();
    let svg = room.svg(chart["id"].as_str().unwrap(), "").await;
    for text in [
        "width=\"800\" height=\"400\"",
        ">&lt;b&gt; &amp; &quot;x&quot;</text>",
        ">lamp · Temperature (°C)</text>",
        ">lamp · mode – text, not drawn</text>",
        ">lamp · none – no values yet</text>",
        ">10:30</text>",
        ">28 Nov 2026 UTC</text>",
        ">20.0</text>",
    ] {
        assert!(svg.contains(text), "{text}: {svg}");
    }
    assert_eq!(svg.matches("<circle").count(), 3, "a dot for each value");
    // One unit is that of the whole axis.
    let one = room.chart(&["temp"]).await;
    let svg = room.svg(&one, "?width=300&height=200").await;
    assert!(svg.contains(">°C</text>") && svg.contains(">lamp · Temperature</text>"), "{svg}");
    assert!(svg.contains("width=\"300\" height=\"200\""));
    let later = room.svg(&one, "?start=2026-11-28T10:15:00Z&end=2026-11-28T10:45:00Z").await;
    assert_eq!(later.matches("<circle").count(), 1, "{later}");
    room.cloud.expect(&format!("DELETE /v2/devices/{}", room.device), "", 204).await;
    let svg = room.svg(&one, "").await;
    assert!(svg.contains("its device is gone") && svg.contains("no values yet"), "{svg}");
}

#[tokio::test]
async fn a_picture_is_drawn_anew_when_something_on_it_has_changed() {
    let room = Room::new().await;
    let chart = room.chart(&["temp"]).await;
    for kind in ["png", "svg"] {
        let path = format!("/v2/charts/{chart}.{kind}");
        let (status, tag, bytes) = room.file(&path, "").await;
        assert_eq!(status, 200);
        assert_eq!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"), kind == "png");
        assert_eq!(room.file(&path, "").await, (200, tag.clone(), bytes), "the same once more");
        assert_eq!(room.file(&path, &tag).await, (304, tag, Vec::new()), "who has it");
    }
    let path = format!("/v2/charts/{chart}.png");
    let values = format!("/v2/devices/{}/streams/temp/values", room.device);
    let mut known = vec![room.file(&path, "").await];
    for (line, body, status) in [
        (format!("POST {values}"), r#"{"values": [{"value": 30}]}"#.to_owned(), 202),
        // An older value, an older one replaced, one removed.
        (
            format!("POST {values}"),
            r#"{"values": [{"timestamp": "2026-11-28T10:10:00Z", "value": 50}]}"#.to_owned(),
            202,
        ),
        (
            format!("POST {values}"),
            r#"{"values": [{"timestamp": "2026-11-28T10:10:00Z", "value": 60}]}"#.to_owned(),
            202,
        ),
        (
            format!("DELETE {values}"),
            r#"{"from": "2026-11-28T10:10:00Z", "end": "2026-11-28T10:10:00Z"}"#.to_owned(),
            204,
        ),
        (format!("PUT /v2/charts/{chart}"), room.body("Another name", &["temp"]), 204),
        (
            format!("PUT /v2/devices/{}/streams/temp", room.device),
            r#"{"unit": {"symbol": "K"}}"#.to_owned(),
            204,
        ),
    ] {
        room.cloud.expect(&line, &body, status).await;
        let file = room.file(&path, "").await;
        assert!(known.iter().all(|old| old.1 != file.1), "{line} {body}: a new tag");
        assert!(known.last().is_some_and(|old| old.2 != file.2), "{line} {body}: new pixels");
        known.push(file);
    }
    let other = room.file(&format!("{path}?width=400"), "").await;
    assert!(known.iter().all(|old| old.1 != other.1));
}

#[tokio::test]
async fn of_very_many_values_a_picture_has_the_extremes() {
    let room = Room::new().await;
    let one = |index: i64| {
        // A needle among values that hardly move.
        let value = if index == 54_321 { 1000.0 } else { (index % 10) as f64 };
        json!({"timestamp": format!("2026-01-01T00:00:00.{:06}Z", index * 9), "value": value})
    };
    let values: Vec<Value> = (0..100_000).map(one).collect();
    // Larger than what one call usually brings, so that it is not what a failure shows.
    let line = format!("POST /v2/devices/{}/streams/many/values", room.device);
    let body = json!({ "values": values }).to_string();
    assert_eq!(room.cloud.call(&room.key, &line, &body).await.text, r#"{"status":"accepted"}"#);
    let chart = room.chart(&["many"]).await;
    let svg = room.svg(&chart, "").await;
    assert!(svg.contains(">1000</text>"), "the needle decides the axis");
    let line = svg.lines().find(|line| line.contains("stroke-width=\"2\"")).unwrap();
    let points = line.matches(['M', 'L']).count();
    assert!((800..2000).contains(&points), "{points} points");
    assert!(svg.len() < 60_000, "{} bytes", svg.len());
}

#[tokio::test]
async fn pictures_are_in_the_log_as_calls_and_not_as_bytes() {
    let room = Room::new().await;
    let chart = room.chart(&["temp"]).await;
    room.file(&format!("/v2/charts/{chart}.png"), "").await;
    let page = room.cloud.call("", "GET /", "").await.text;
    assert!(page.contains(&format!("GET /v2/charts/{chart}.png")), "{page}");
    assert!(page.contains("(a picture)") && !page.contains("IHDR"), "{page}");
}

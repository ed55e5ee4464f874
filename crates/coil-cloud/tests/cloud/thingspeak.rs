//! ThingSpeak's calls, as boards and programs make them.

use axum::body::Body;
use axum::http::Request;
use coil_cloud::{Cloud, CloudConfig, DeviceKey};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::support::{Answer, TestCloud};

/// A cloud with a private device `one` and what opens it.
struct Room {
    cloud: TestCloud,
    id: String,
    key: String,
    channel: i64,
}

impl Room {
    async fn new() -> Self {
        let cloud = TestCloud::new().await;
        let device = cloud.cloud.ensure_device("one", DeviceKey::Random).await.unwrap();
        let mut room = Self { cloud, id: device.id, key: device.key, channel: 0 };
        let list = room.get("/channels.json?api_key=MASTER").await.json();
        room.channel = list[0]["id"].as_i64().unwrap();
        room
    }

    /// A call to `api.thingspeak.com`; `KEY`, `MASTER` and `N` stand for the room's own.
    async fn send(&self, line: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let fill = |text: &str| {
            let text = text.replace("KEY", &self.key).replace("MASTER", &self.cloud.master);
            text.replace("/N", &format!("/{}", self.channel))
        };
        let line = fill(line);
        let (method, path) = line.split_once(' ').unwrap();
        let mut request = Request::builder().method(method).uri(path);
        request = request.header("Host", "api.thingspeak.com");
        for (name, value) in headers {
            request = request.header(*name, fill(value));
        }
        self.cloud.send(request.body(Body::from(fill(body))).unwrap()).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(&format!("GET {path}"), &[], "").await
    }

    async fn update(&self, query: &str) -> Answer {
        self.get(&format!("/update?api_key=KEY&{query}")).await
    }
}

const FORM: (&str, &str) = ("Content-Type", "application/x-www-form-urlencoded");
const JSON: (&str, &str) = ("Content-Type", "application/json");

#[tokio::test]
async fn an_update_is_taken_as_clients_send_it_and_answered_with_a_number_that_counts_up() {
    let room = Room::new().await;
    let calls: &[(&str, &[(&str, &str)], &str)] = &[
        ("GET /update?api_key=KEY&field1=1", &[], ""),
        ("GET /update?key=KEY&field1=2", &[], ""),
        ("POST /update?api_key=KEY&field1=3", &[], ""),
        ("POST /update", &[FORM], "api_key=KEY&field1=4"),
        ("POST /update", &[FORM, ("X-THINGSPEAKAPIKEY", "KEY")], "field1=5&headers=false"),
        ("POST /update", &[JSON, ("THINGSPEAKAPIKEY", "KEY")], r#"{"field1": 6}"#),
        ("POST /update", &[JSON], r#"{"api_key": "KEY", "field1": "7"}"#),
    ];
    for (index, (line, headers, body)) in calls.iter().enumerate() {
        let answer = room.send(line, headers, body).await;
        let expected = (200, (index + 1).to_string());
        assert_eq!((answer.status.as_u16(), answer.text.clone()), expected, "{line} {body}");
    }
    let feeds = room.get("/channels/N/feeds.json?api_key=KEY").await.json();
    let values: Vec<&str> = feeds["feeds"]
        .as_array()
        .unwrap()
        .iter()
        .map(|feed| feed["field1"].as_str().unwrap())
        .collect();
    assert_eq!(values, ["1", "2", "3", "4", "5", "6", "7"]);
    assert_eq!(feeds["channel"]["last_entry_id"], 7);
    // It is the same data that M2X has.
    let path = format!("GET /v2/devices/{}/streams/field1/values", room.id);
    let m2x = room.cloud.expect(&path, "", 200).await.json();
    let values: Vec<i64> = m2x["values"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["value"].as_i64().unwrap())
        .collect();
    assert_eq!(values, [7, 6, 5, 4, 3, 2, 1]);
}

#[tokio::test]
async fn an_update_is_answered_in_the_form_that_is_asked_for() {
    let room = Room::new().await;
    let query = "field1=21.50&field8=on&lat=50.1&long=-14.2&elevation=200&status=fine\
                 &created_at=2018-07-01%2012:00:00&timezone=Europe%2FPrague";
    let answer = room.get(&format!("/update.json?api_key=KEY&{query}")).await;
    assert_eq!(
        answer.json(),
        json!({
            "channel_id": room.channel, "created_at": "2018-07-01T12:00:00+02:00", "entry_id": 1,
            "field1": "21.50", "field2": null, "field3": null, "field4": null, "field5": null,
            "field6": null, "field7": null, "field8": "on", "latitude": "50.1",
            "longitude": "-14.2", "elevation": "200", "status": "fine"
        })
    );
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    let answer = room.get("/update.xml?api_key=KEY&field1=2&created_at=2018-07-01T11:00:00Z").await;
    assert_eq!(answer.header("content-type"), "application/xml; charset=utf-8");
    for part in [
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed>\n",
        "<created-at type=\"dateTime\">2018-07-01T11:00:00Z</created-at>",
        "<entry-id type=\"integer\">2</entry-id>",
        "<field1>2</field1>",
        "<field2 nil=\"true\"/>",
    ] {
        assert!(answer.text.contains(part), "{part}: {}", answer.text);
    }
    // Where the board was is where M2X has it.
    let place = format!("GET /v2/devices/{}/location", room.id);
    assert_eq!(room.cloud.expect(&place, "", 200).await.json()["latitude"], 50.1);
}

#[tokio::test]
async fn what_is_no_number_is_in_the_entry_and_no_value_of_a_numeric_stream() {
    let room = Room::new().await;
    for (query, id) in
        [("field1=1", "1"), ("field1=nan&field2=wet", "2"), ("field1=.5&field2=7", "3"), ("", "4")]
    {
        assert_eq!(room.update(query).await.text, id);
    }
    let feeds = room.get("/channels/N/feeds.json?api_key=KEY").await.json();
    let shown = |field: &str| {
        feeds["feeds"]
            .as_array()
            .unwrap()
            .iter()
            .map(|feed| feed[field].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(shown("field1"), [json!("1"), json!("nan"), json!(".5"), Value::Null]);
    assert_eq!(shown("field2"), [Value::Null, json!("wet"), json!("7"), Value::Null]);
    let values = async |stream: &str| {
        let path = format!("GET /v2/devices/{}/streams/{stream}/values", room.id);
        let list = room.cloud.expect(&path, "", 200).await.json();
        list["values"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["value"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(values("field1").await, [json!(0.5), json!(1)]);
    assert_eq!(values("field2").await, [json!("7"), json!("wet")]);
}

#[tokio::test]
async fn a_refusal_says_its_code_in_the_form_that_was_asked_for() {
    let room = Room::new().await;
    assert_eq!(room.update("field1=1&created_at=2020-01-01T00:00:00Z").await.text, "1");
    let long = format!("/update?api_key=KEY&field1={}", "x".repeat(256));
    for (line, status, code) in [
        ("GET /update?api_key=wrong&field1=1", 400, "0"),
        ("GET /update?field1=1", 400, "0"),
        ("GET /update?api_key=MASTER&field1=1", 400, "0"),
        ("PUT /update?api_key=KEY&field1=1", 405, "0"),
        ("GET /update?api_key=KEY&field1=1&created_at=2020-01-01T01:00:00%2B01:00", 409, "0"),
        ("GET /update?api_key=KEY&field1=1&created_at=yesterday", 400, "0"),
        ("GET /update?api_key=KEY&field1=1&timezone=Nowhere", 400, "0"),
        ("GET /update?api_key=KEY&field1=1&lat=91", 400, "0"),
        ("GET /update?api_key=KEY&field1=1&elevation=high", 400, "0"),
        ("GET /update?api_key=KEY&field1=1&talkback_key=a", 400, "0"),
        (&format!("GET {long}"), 400, "0"),
        ("GET /update.json?api_key=wrong&field1=1", 401, "error_auth_required"),
        ("GET /update.json?api_key=KEY&created_at=2020-01-01", 409, "error_conflict"),
        (
            "GET /update.xml?api_key=wrong&field1=1",
            401,
            "<error-code>error_auth_required</error-code>",
        ),
        ("GET /update.csv?api_key=KEY&field1=1", 404, "error_resource_not_found"),
        ("GET /channels/N/feeds.json", 401, "error_auth_required"),
        ("GET /channels/N/feeds.json?api_key=wrong", 401, "error_auth_required"),
        ("GET /channels/N/feeds.csv", 401, "error_auth_required"),
        ("GET /channels/N/fields/1/last.txt", 401, "-1"),
        ("GET /channels/N/fields/1/last", 401, "-1"),
        ("GET /channels/N/feeds/last_data_age.txt", 401, "-1"),
        ("GET /channels/N/fields/2/last.txt?api_key=KEY", 404, "error_resource_not_found"),
        ("GET /channels/N/fields/9.json?api_key=KEY", 404, "error_resource_not_found"),
        ("GET /channels/999/feeds.json", 404, "error_resource_not_found"),
        ("GET /channels/N/feeds.json?api_key=KEY&sum=7", 400, "error_bad_request"),
        ("GET /channels/N/feeds.json?api_key=KEY&start=soon", 400, "error_bad_request"),
        ("GET /channels/N/feeds.json?api_key=KEY&results=-1", 400, "error_bad_request"),
        ("DELETE /channels/N/feeds.json?api_key=KEY", 405, "error_method_invalid"),
        ("GET /channels.json?api_key=KEY", 401, "error_auth_required"),
        ("GET /channels.json", 401, "error_auth_required"),
        ("GET /apps/thinghttp/send_request?api_key=KEY", 404, "error_resource_not_found"),
        ("GET /", 404, "error_resource_not_found"),
    ] {
        let answer = room.send(line, &[], "").await;
        assert_eq!(answer.status, status, "{line}: {}", answer.text);
        if line.split('?').next().unwrap().ends_with(".json") {
            let error = answer.json();
            assert_eq!(error["status"], status.to_string(), "{line}");
            assert_eq!(error["error"]["error_code"], code, "{line}");
            assert!(
                error["error"]["details"].as_str().is_some_and(|text| text.len() > 10),
                "{line}"
            );
        } else if code.starts_with('<') {
            assert!(answer.text.contains(code), "{line}: {}", answer.text);
        } else {
            assert_eq!(answer.text, code, "{line}");
        }
    }
    let feeds = room.get("/channels/N/feeds.json?api_key=KEY&results=10").await.json();
    assert_eq!(feeds["feeds"].as_array().unwrap().len(), 1, "nothing of it was stored: {feeds}");
}

#[tokio::test]
async fn keys_open_what_they_are_for_and_no_more() {
    let room = Room::new().await;
    room.update("field1=1&field2=2").await;
    let other = room.cloud.cloud.ensure_device("two", DeviceKey::Random).await.unwrap();
    let key = async |what: &str| {
        let body = format!("{{\"name\": \"k\", \"device\": \"{}\", {what}}}", room.id);
        let made = room.cloud.expect("POST /v2/keys", &body, 201).await.json();
        made["key"].as_str().unwrap().to_owned()
    };
    let reads = key(r#""permissions": ["GET"]"#).await;
    let writes = key(r#""permissions": ["POST"]"#).await;
    let first = key(r#""permissions": ["GET", "POST"], "stream": "field1""#).await;
    let two = &other.key;
    for (line, status) in [
        (format!("GET /update.json?api_key={reads}&field1=1"), 401),
        (format!("GET /update.json?api_key={writes}&field1=1"), 200),
        (format!("GET /update.json?api_key={first}&field1=1"), 200),
        (format!("GET /update.json?api_key={first}&field1=1&field2=1"), 401),
        (format!("GET /update.json?api_key={first}&field1=1&status=a"), 401),
        (format!("GET /channels/N/feeds.json?api_key={reads}"), 200),
        (format!("GET /channels/N/feeds.json?api_key={writes}"), 401),
        (format!("GET /channels/N/feeds.json?api_key={two}"), 401),
        (format!("GET /channels/N/feeds.json?api_key={first}"), 401),
        (format!("GET /channels/N/fields/1.json?api_key={first}"), 200),
        (format!("GET /channels/N/fields/2.json?api_key={first}"), 401),
        ("GET /channels/N/feeds.json?api_key=MASTER".to_owned(), 200),
        (format!("POST /channels/N/bulk_update.json?api_key={two}"), 401),
    ] {
        let body = r#"{"updates": [{"created_at": "2020-01-01", "field1": 1}]}"#;
        let body = if line.starts_with("POST") { body } else { "" };
        assert_eq!(room.send(&line, &[], body).await.status, status, "{line}");
    }
    let public = r#"{"name": "one", "visibility": "public"}"#;
    room.cloud.expect(&format!("PUT /v2/devices/{}", room.id), public, 204).await;
    for path in
        ["/channels/N/feeds.json", "/channels/N/feeds.json?api_key=wrong", "/channels/N.json"]
    {
        let answer = room.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(!answer.text.contains("api_keys"), "{path}: {}", answer.text);
    }
    let settings = room.get("/channels/N.json?api_key=MASTER").await.json();
    assert_eq!(settings["api_keys"][0], json!({"api_key": room.key, "write_flag": true}));
    assert_eq!(settings["public_flag"], true);
}

#[tokio::test]
async fn feeds_hold_what_is_asked_for() {
    let room = Room::new().await;
    for (minute, value) in [(0, "1.25"), (5, "9"), (10, "-3"), (35, "4")] {
        let query = format!("field1={value}&field2=x&created_at=2020-01-01T00:{minute:02}:00Z");
        room.update(&query).await;
    }
    room.update("status=later&lat=1&long=2&created_at=2020-01-02T00:00:00Z").await;
    for (path, expected) in [
        ("feeds.json?results=2", "4:4 5:-"),
        ("feeds.json?results=0", ""),
        ("feeds.json", ""),
        ("feeds.json?start=2020-01-01T00:05:00Z", "2:9 3:-3 4:4 5:-"),
        ("feeds.json?start=2020-01-01%2000:00:00&end=2020-01-01%2000:09:00", "1:1.25 2:9"),
        (
            "feeds.json?start=2020-01-01%2001:00:00&end=2020-01-01%2001:09:00&timezone=Europe/Prague",
            "1:1.25 2:9",
        ),
        ("feeds.json?end=2020-01-01T12:00:00Z", "1:1.25 2:9 3:-3 4:4"),
        ("feeds.json?days=1", ""),
        ("feeds.json?days=36500", "1:1.25 2:9 3:-3 4:4 5:-"),
        ("feeds.json?minutes=99999999", "1:1.25 2:9 3:-3 4:4 5:-"),
        ("feeds.json?days=36500&min=0&max=8", "1:1.25 4:4 5:-"),
        ("feeds.json?results=4&round=1", "2:9.0 3:-3.0 4:4.0 5:-"),
        ("fields/1.json?results=2", "4:4 5:-"),
        ("feeds.json?days=36500&end=2020-01-01T12:00:00Z&sum=10", "-:10.25 -:-3.0 -:- -:4.0"),
        (
            "feeds.json?days=36500&end=2020-01-01T12:00:00Z&average=10&round=2",
            "-:5.12 -:-3.00 -:- -:4.00",
        ),
        ("feeds.json?days=36500&timescale=daily", "-:1.25 -:-"),
    ] {
        let sign = if path.contains('?') { '&' } else { '?' };
        let answer = room.get(&format!("/channels/N/{path}{sign}api_key=KEY")).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        let feeds = answer.json();
        let shown = feeds["feeds"].as_array().unwrap().iter().map(|feed| {
            let id = feed["entry_id"].as_i64().map_or("-".to_owned(), |id| id.to_string());
            format!("{id}:{}", feed["field1"].as_str().unwrap_or("-"))
        });
        assert_eq!(shown.collect::<Vec<_>>().join(" "), expected, "{path}");
    }
    let last = room
        .get("/channels/N/feeds.json?api_key=KEY&results=1&status=true&location=true&metadata=true")
        .await;
    let last = last.json();
    assert_eq!(
        last["feeds"][0],
        json!({"created_at": "2020-01-02T00:00:00Z", "entry_id": 5, "field1": null, "field2": null,
               "latitude": "1", "longitude": "2", "elevation": null, "status": "later"})
    );
    assert_eq!(last["channel"]["field2"], "Field 2");
    assert_eq!(last["channel"]["metadata"], "{}");
    assert_eq!(last["channel"]["id"], room.channel);
}

#[tokio::test]
async fn the_same_feed_is_a_table_and_a_document() {
    let room = Room::new().await;
    room.update("field1=1&field2=a,%22b%22&created_at=2020-07-01T10:00:00Z").await;
    room.update("field1=2&status=%3Cok%3E&created_at=2020-07-01T10:01:00Z").await;
    for (path, expected) in [
        (
            "feeds.csv?results=5&status=true",
            "created_at,entry_id,field1,field2,status\n\
             2020-07-01 10:00:00 UTC,1,1,\"a,\"\"b\"\"\",\n2020-07-01 10:01:00 UTC,2,2,,<ok>\n",
        ),
        ("feeds.csv", "created_at,entry_id,field1,field2\n"),
        (
            "fields/1.csv?results=1&timezone=Europe%2FPrague",
            "created_at,entry_id,field1\n2020-07-01 12:01:00 +0200,2,2\n",
        ),
        (
            "status.csv?days=36500&results=1",
            "created_at,entry_id,status\n2020-07-01 10:01:00 UTC,2,<ok>\n",
        ),
        ("feeds/last.csv", "created_at,entry_id,field1,field2\n2020-07-01 10:01:00 UTC,2,2,\n"),
    ] {
        let sign = if path.contains('?') { '&' } else { '?' };
        let answer = room.get(&format!("/channels/N/{path}{sign}api_key=KEY")).await;
        assert_eq!(answer.text, expected, "{path}");
        assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    }
    let xml = room.get("/channels/N/feeds.xml?api_key=KEY&results=1&status=true").await.text;
    let start = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<channel>\n  <id type=\"integer\">{}</id>\n  <name>one</name>\n",
        room.channel
    );
    assert!(xml.starts_with(&start), "{xml}");
    let end = "  <feeds type=\"array\">\n    <feed>\n      \
        <created-at type=\"dateTime\">2020-07-01T10:01:00Z</created-at>\n      \
        <entry-id type=\"integer\">2</entry-id>\n      <field1>2</field1>\n      \
        <field2 nil=\"true\"/>\n      <status>&lt;ok&gt;</status>\n    </feed>\n  </feeds>\n</channel>\n";
    assert!(xml.ends_with(end), "{xml}");
}

#[tokio::test]
async fn single_entries_and_ages_are_read_as_text_and_as_json() {
    let room = Room::new().await;
    room.update("field1=17&status=old&created_at=2020-01-01T00:00:00Z").await;
    room.update("field2=b&status=new&created_at=2020-01-02T00:00:00Z").await;
    for (path, expected) in [
        ("fields/1/last.txt", "17"),
        ("fields/1/last", "17"),
        ("fields/1/last.txt?prepend=%3C&append=%3E", "<17>"),
        ("fields/1/last.txt?round=2", "17.00"),
        ("fields/2/last.txt", "b"),
        (
            "feeds/1.json",
            r#"{"created_at":"2020-01-01T00:00:00Z","entry_id":1,"field1":"17","field2":null}"#,
        ),
        (
            "feeds/last.json",
            r#"{"created_at":"2020-01-02T00:00:00Z","entry_id":2,"field1":null,"field2":"b"}"#,
        ),
        (
            "feeds/last.txt",
            r#"{"created_at":"2020-01-02T00:00:00Z","entry_id":2,"field1":null,"field2":"b"}"#,
        ),
        (
            "fields/1/last.json?status=true",
            r#"{"created_at":"2020-01-01T00:00:00Z","entry_id":1,"field1":"17","status":"old"}"#,
        ),
        ("status/last.txt", "new"),
        (
            "status/last.json",
            r#"{"created_at":"2020-01-02T00:00:00Z","entry_id":2,"status":"new"}"#,
        ),
    ] {
        let sign = if path.contains('?') { '&' } else { '?' };
        let answer = room.get(&format!("/channels/N/{path}{sign}api_key=KEY")).await;
        assert_eq!((answer.status.as_u16(), answer.text.as_str()), (200, expected), "{path}");
    }
    let statuses = room.get("/channels/N/status.json?api_key=KEY&days=36500").await.json();
    assert_eq!(statuses["feeds"][0]["status"], "old");
    room.update("field1=1").await;
    let age = room.get("/channels/N/fields/1/last_data_age.json?api_key=KEY").await.json();
    assert_eq!(age["last_data_age_units"], "s");
    assert!(age["last_data_age"].as_str().unwrap().parse::<i64>().unwrap() < 60, "{age}");
    let age = room.get("/channels/N/fields/2/last_data_age.txt?api_key=KEY").await.text;
    assert!(age.parse::<i64>().unwrap() > 86_400, "{age}");
}

const BULK_JSON: &str = "POST /channels/N/bulk_update.json";
const BULK_CSV: &str = "POST /channels/N/bulk_update.csv";

#[tokio::test]
async fn many_entries_come_at_once() {
    let room = Room::new().await;
    let json = r#"{"write_api_key": "KEY", "updates": [
        {"created_at": "2018-01-23 10:26:23 -0500", "field1": 1, "field2": "a", "status": "well"},
        {"created_at": "2018-01-23 10:27:23 -0500", "field1": 2, "latitude": 1.5, "longitude": 2}]}"#;
    let csv = "write_api_key=KEY&time_format=absolute&updates=\
        2018-01-24T10:26:23-0500,1.5,,,,,,,,50,14,200,dry|1516886783,2,b";
    let later = csv.replace("2018-01-24", "2018-01-26").replace("1516886783", "1516886784");
    for (line, headers, body) in
        [(BULK_JSON, &[JSON][..], json), (BULK_CSV, &[FORM], csv), (BULK_CSV, &[], &later)]
    {
        let answer = room.send(line, headers, body).await;
        assert_eq!((answer.status.as_u16(), &*answer.text), (202, r#"{"success":true}"#), "{body}");
    }
    let path = "/channels/N/feeds.csv?api_key=KEY&results=100&status=true&location=true";
    assert_eq!(
        room.get(path).await.text,
        "created_at,entry_id,field1,field2,latitude,longitude,elevation,status\n\
         2018-01-23 15:26:23 UTC,1,1,a,,,,well\n\
         2018-01-23 15:27:23 UTC,2,2,,1.5,2,,\n\
         2018-01-24 15:26:23 UTC,3,1.5,,50,14,200,dry\n\
         2018-01-25 13:26:23 UTC,4,2,b,,,,\n\
         2018-01-25 13:26:24 UTC,6,2,b,,,,\n\
         2018-01-26 15:26:23 UTC,5,1.5,,50,14,200,dry\n"
    );
}

#[tokio::test]
async fn of_many_entries_all_are_stored_or_none() {
    let room = Room::new().await;
    assert_eq!(room.update("field1=1&created_at=2018-01-01").await.text, "1");
    for (updates, status, word) in [
        (r#"[{"created_at": "2019-01-01"}, {"created_at": "2018-01-01"}]"#, 409, "error_conflict"),
        (r#"[{"created_at": "2019-01-01"}, {"created_at": "2019-01-01"}]"#, 409, "error_conflict"),
        (r#"[{"created_at": "2019-01-01"}, {"field1": 2}]"#, 400, "created_at"),
        (r#"[{"created_at": "2019-01-01"}, {"delta_t": 2}]"#, 400, "created_at"),
        (r#"[{"delta_t": 3}, {"delta_t": 0}]"#, 400, "delta_t"),
        (r#"[{"delta_t": -3}]"#, 400, "delta_t"),
        (
            r#"[{"created_at": "2019-01-01"}, {"created_at": "2019-01-02", "latitude": 100}]"#,
            400,
            "latitude",
        ),
        ("[]", 400, "empty"),
        ("5", 400, "array"),
        ("[5]", 400, "array"),
    ] {
        let body = format!("{{\"write_api_key\": \"KEY\", \"updates\": {updates}}}");
        let answer = room.send(BULK_JSON, &[JSON], &body).await;
        assert_eq!(answer.status, status, "{updates}: {}", answer.text);
        assert!(answer.text.contains(word), "{updates}: {}", answer.text);
    }
    let one = r#"{"write_api_key": "KEY", "updates": [{"delta_t": 0}]}"#;
    let thirteen = "time_format=absolute&updates=2019-01-01,1,2,3,4,5,6,7,8,9,10,11,12,13";
    for (line, body, status) in [
        (BULK_JSON, r#"{"updates": [{"delta_t": 0}]}"#, 401),
        ("POST /channels/999/bulk_update.json", one, 401),
        (BULK_CSV, "write_api_key=KEY&updates=2019-01-01,1", 400),
        (BULK_CSV, "write_api_key=KEY&time_format=absolute&updates=,1", 400),
        (BULK_CSV, "write_api_key=KEY&time_format=absolute", 400),
        (BULK_CSV, &format!("write_api_key=KEY&{thirteen}"), 400),
        ("GET /channels/N/bulk_update.json?api_key=KEY", "", 405),
    ] {
        let answer = room.send(line, &[], body).await;
        assert_eq!(answer.status, status, "{line} {body}: {}", answer.text);
    }
    let feeds = room.get("/channels/N/feeds.json?api_key=KEY&results=100").await.json();
    assert_eq!(feeds["feeds"].as_array().unwrap().len(), 1, "{feeds}");
}

#[tokio::test]
async fn relative_times_end_now_and_a_call_takes_so_many_entries() {
    let room = Room::new().await;
    let body = r#"{"write_api_key": "KEY", "updates": [
        {"delta_t": 0, "field1": 1}, {"delta_t": "60", "field1": 2}, {"delta_t": 3600, "field1": 3}]}"#;
    assert_eq!(room.send("POST /channels/N/bulk_update.json", &[JSON], body).await.status, 202);
    let ages = async |id: i64| {
        let feed = room.get(&format!("/channels/N/feeds/{id}.json?api_key=KEY")).await.json();
        let at: jiff::Timestamp = feed["created_at"].as_str().unwrap().parse().unwrap();
        jiff::Timestamp::now().as_second() - at.as_second()
    };
    for (id, expected) in [(1, 3660), (2, 3600), (3, 0)] {
        let age = ages(id).await;
        assert!((expected..expected + 60).contains(&age), "{id}: {age}");
    }
    for (count, status) in [(14_400, 202), (14_401, 413)] {
        let rows: Vec<String> = (1..=count).map(|second| format!("{second},1")).collect();
        let body = format!("write_api_key=KEY&time_format=absolute&updates={}", rows.join("|"));
        let answer = room.send("POST /channels/N/bulk_update.csv", &[FORM], &body).await;
        assert_eq!(answer.status, status, "{count}: {}", answer.text);
    }
    let feeds = room.get("/channels/N/feeds.json?api_key=KEY&results=9999").await.json();
    assert_eq!(feeds["feeds"].as_array().unwrap().len(), 8000);
}

#[tokio::test]
async fn calls_are_in_the_devices_log_without_a_key() {
    let room = Room::new().await;
    room.update("field1=1").await;
    room.send("POST /update", &[FORM], "api_key=KEY&field1=2").await;
    room.send("POST /update", &[JSON], r#"{"api_key": "KEY", "field1": 3}"#).await;
    room.send("POST /update", &[FORM, ("THINGSPEAKAPIKEY", "KEY")], "field1=4").await;
    room.send("POST /update", &[FORM, ("X-THINGSPEAKAPIKEY", "KEY")], "field1=x&lat=100").await;
    let bulk = r#"{"write_api_key": "KEY", "updates": [{"delta_t": 0}]}"#;
    room.send("POST /channels/N/bulk_update.json", &[JSON], bulk).await;
    room.get("/channels/N/feeds.json?api_key=KEY").await;
    room.get("/channels/N/feeds.json").await;
    room.get("/channels/N.json?api_key=MASTER").await;
    room.get("/channels.xml?api_key=MASTER").await;
    let log = room.cloud.expect(&format!("GET /v2/devices/{}/log", room.id), "", 200).await;
    let entries = log.json();
    let statuses: Vec<i64> = entries["requests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["status"].as_i64().unwrap())
        .collect();
    assert_eq!(statuses, [200, 401, 200, 202, 400, 200, 200, 200, 200]);
    let page = room.cloud.call("", "GET /", "").await.text;
    for text in [&log.text, &page] {
        assert!(!text.contains(&room.key) && !text.contains(&room.cloud.master), "{text}");
    }
    assert!(page.contains("is not between -90 and 90"), "{page}");
    assert!(page.contains(&format!("</code><td>{}<td>", room.channel)), "{page}");
}

#[tokio::test]
async fn other_hosts_have_it_by_path_beside_the_other_services() {
    let cloud = TestCloud::with_db(r#"{"posts": [{"id": 1}]}"#).await;
    let device = cloud.cloud.ensure_device("one", DeviceKey::Random).await.unwrap();
    let key = &device.key;
    for (path, status) in [
        (format!("/update?api_key={key}&field1=1"), 200),
        (format!("/update.json?api_key={key}&field1=1"), 200),
        (format!("/channels/1/feeds.json?api_key={key}"), 200),
        ("/update/workshop/posts/1".to_owned(), 200),
        ("/someone/update/posts/1".to_owned(), 200),
        ("/channels/1/posts/1".to_owned(), 404),
    ] {
        let answer = cloud.call("", &format!("GET {path}"), "").await;
        assert_eq!(answer.status, status, "{path}: {}", answer.text);
    }
}

#[tokio::test]
async fn numbers_of_entries_go_on_after_a_restart() {
    let room = Room::new().await;
    assert_eq!(room.update("field1=1").await.text, "1");
    let database = room.cloud.dir.path().join("cloud.db");
    let Room { cloud, id, key, channel } = room;
    let TestCloud { dir, cloud, master } = cloud;
    drop(cloud);
    let cloud = Cloud::open(CloudConfig::new(database)).await.unwrap();
    let room = Room { cloud: TestCloud { dir, cloud, master }, id, key, channel };
    assert_eq!(room.update("field1=2").await.text, "2");
}

/// The Python with `thingspeak==1.0.0` in it is the one that `M2X_PYTHON` names.
#[tokio::test]
async fn the_python_client_of_thingspeak_works_unmodified() {
    let Ok(python) = std::env::var("M2X_PYTHON") else { return };
    let room = Room::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(room.cloud.cloud.clone().serve(listener, std::future::pending()));
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cloud/thingspeak_client.py");
    let arguments = [script.to_owned(), server, room.channel.to_string(), room.key.clone()];
    let run = move || std::process::Command::new(python).args(arguments).output();
    let run = tokio::task::spawn_blocking(run).await.unwrap().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}

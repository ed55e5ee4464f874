//! What the page sees of a lab and does to it: a look at a board, its time, the air, the cloud, and what firmware knows.

use crate::support::{Board, PATIENCE, Served};
use coil_air::{AccessPoint, Air, AirConfig};
use coil_cloud::{Client, Cloud, CloudConfig, DeviceKey};
use coil_studio::{CloudAtHand, Lab, OnAir};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};
use tungstenite::Message;

/// A call, its status and its JSON.
fn call(at: SocketAddr, line: &str, body: &str) -> (u16, Value) {
    let mut stream = TcpStream::connect(at).expect("it listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("set");
    let length = body.len();
    let request = format!(
        "{line} HTTP/1.1\r\nHost: {at}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("text");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).expect("a status");
    // Long answers come in pieces.
    let json = body.find(['{', '[']).zip(body.rfind(['}', ']'])).map(|(a, b)| &body[a..=b]);
    (status, json.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default())
}

fn get(at: SocketAddr, path: &str) -> (u16, Value) {
    call(at, &format!("GET {path}"), "")
}

#[test]
fn a_look_tells_a_tab_in_the_middle_what_the_board_is_like() {
    let board = Board::start(
        "current",
        &[(
            "boot.py",
            "from machine import PWM, Pin\nPWM(Pin(4), freq=1000, duty_u16=16384)\n\
             PWM(Pin(5), freq=50, duty_u16=16384, invert=True)\nPin(2, Pin.OUT, value=1)\n",
        )],
    );
    let served = Served::start(&board);
    let start = Instant::now();
    loop {
        let (status, look) = get(served.address, "/api/boards/board0/look");
        assert_eq!(status, 200, "{look}");
        let led = json!({ "gpio": 2, "output": true, "level": 1, "pull": null });
        if look["pins"].as_array().is_some_and(|pins| pins.contains(&led)) {
            assert!(look["at_ns"].as_u64() > Some(0));
            let pins = look["pins"].as_array().into_iter().flatten();
            let waves: Vec<_> =
                pins.filter(|p| p.get("pwm").is_some()).map(|p| &p["pwm"]).collect();
            let wave = |freq: u32, duty: u16| json!({ "freq": freq, "duty_u16": duty });
            // The first frequency is what its divider makes of 1000 Hz.
            assert_eq!(waves, [&wave(998, 16384), &wave(50, 49151)]);
            let heap = &look["heap"];
            let sum = heap["used"].as_u64().zip(heap["free"].as_u64()).map(|(a, b)| a + b);
            assert_eq!(sum, heap["total"].as_u64());
            assert!(look["idf_heap"]["lowest"].as_u64() > Some(0));
            assert_eq!((&look["sockets"], &look["parts"]), (&json!([]), &json!({})));
            break;
        }
        assert!(start.elapsed() < PATIENCE, "{look}");
    }
    assert_eq!(get(served.address, "/api/boards/other/look").0, 404);
}

#[test]
fn time_stands_goes_on_and_is_told_to_tabs() {
    let board = Board::start("current", &[]);
    let served = Served::start(&board);
    let mut tab = served.connect("/api/boards/board0/link", None).expect("a link");
    let steer = |body: &str| call(served.address, "POST /api/time", body);
    let (status, time) = steer("{\"paused\":true}");
    assert_eq!((status, &time["paused"], &time["boards"]), (200, &json!(true), &json!(1)));
    let start = Instant::now();
    let told = loop {
        assert!(start.elapsed() < PATIENCE);
        let Message::Text(text) = tab.read().expect("news") else { continue };
        let news: Value = serde_json::from_str(&text).expect("JSON");
        if !news["time"].is_null() {
            break news["time"].clone();
        }
    };
    assert_eq!(told, time);
    std::thread::sleep(Duration::from_millis(20));
    assert_eq!(get(served.address, "/api/time"), (200, time));
    let (_, stepped) = steer("{\"step_ns\":5000000}");
    assert_eq!(stepped["paused"], true);
    for (body, status) in [
        ("{\"speed\":0}", 400),
        ("{\"speed\":1e9}", 400),
        ("{\"step_ns\":0}", 400),
        ("{\"step_ns\":-1}", 422),
        ("{\"stop\":true}", 422),
        ("{", 400),
    ] {
        assert_eq!(steer(body).0, status, "{body}");
    }
    assert_eq!(steer("{\"paused\":false}").1["paused"], false);
    assert_eq!(steer("{\"step_ns\":5000000}").0, 409, "it goes");
    assert_eq!(steer("{\"speed\":2.5}").1["speed"], 2.5);
}

#[test]
fn the_air_tells_who_is_there_and_what_goes_wrong() {
    let mut config = AirConfig::without_access_points().expect("random bytes");
    config.access_points = vec![AccessPoint::wpa2("class", "micropython")];
    let air = Air::new(config).expect("an air");
    let mac = [0x24, 0x0a, 0xc4, 0, 0, 1];
    let on_air = OnAir { air, stations: vec![("board0".into(), mac)] };
    let served = Served::of(Lab { air: Some(on_air), ..Served::lab(Vec::new()) });
    let (status, told) = get(served.address, "/api/air");
    assert_eq!(status, 200);
    assert_eq!(told["networks"][0]["ssid"], "class");
    assert_eq!(told["networks"][0]["security"], "wpa2-psk");
    let station = json!({ "board": "board0", "mac": "24:0a:c4:00:00:01", "connected": false, "address": null });
    assert_eq!(told["stations"], json!([station]));
    let value = |told: &Value, name: &str| {
        let faults = told["faults"].as_array().expect("a list");
        faults.iter().find(|f| f["name"] == name).expect("it is there")["value"].clone()
    };
    let change = |faults: Value| {
        call(served.address, "POST /api/air", &json!({ "faults": faults }).to_string())
    };
    let (_, told) = change(json!(["dns=dead", "latency=50ms", "loss=3%"]));
    assert_eq!(["dns", "latency", "loss"].map(|n| value(&told, n)), ["dead", "50ms", "3%"]);
    let (status, refused) = change(json!(["dns=ok", "dns=perhaps"]));
    assert_eq!(status, 400);
    assert!(refused["error"].as_str().is_some_and(|e| e.contains("ok or dead")), "{refused}");
    assert_eq!(value(&get(served.address, "/api/air").1, "dns"), "dead", "all of it or nothing");
    assert_eq!(change(json!(vec!["dns=ok"; 101])).0, 400);
    assert_eq!(get(Served::of(Served::lab(Vec::new())).address, "/api/air").0, 404);
}

#[test]
fn the_cloud_at_hand_has_devices_values_and_calls() {
    let dir = tempfile::tempdir().expect("a folder");
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    let cloud = runtime.block_on(async {
        let config = CloudConfig::new(dir.path().join("cloud.db"));
        let cloud = Cloud::open(config).await.expect("a cloud");
        cloud.ensure_device("device00", DeviceKey::Md5OfName).await.expect("made");
        cloud
    });
    let at_hand = CloudAtHand { cloud: cloud.clone(), url: "http://127.0.0.1:8088".into() };
    let served = Served::of(Lab { cloud: Some(at_hand), ..Served::lab(Vec::new()) });
    let (status, told) = get(served.address, "/api/cloud");
    assert_eq!((status, &told["url"]), (200, &json!("http://127.0.0.1:8088")));
    let id = told["devices"][0]["id"].as_str().expect("an id").to_owned();
    assert_eq!(
        (&told["devices"][0]["name"], &told["devices"][0]["seen"]),
        (&json!("device00"), &Value::Null)
    );
    let client = Client::of(&cloud);
    runtime.block_on(async {
        for value in [20, 21, 22] {
            let path = format!("/v2/devices/{id}/streams/temperature/value");
            client.call("PUT", &path, &json!({ "value": value })).await.expect("taken");
        }
        client
            .call("PUT", "/v2/devices/nobody/streams/x/value", &json!({ "value": 1 }))
            .await
            .expect_err("none");
    });
    let (_, told) = get(served.address, "/api/cloud");
    let stream = &told["devices"][0]["streams"][0];
    assert_eq!((&stream["name"], &stream["value"]), (&json!("temperature"), &json!(22)));
    assert_eq!(told["devices"][0]["seen"], stream["at"]);
    let (_, values) =
        get(served.address, &format!("/api/cloud/values?device={id}&stream=temperature&limit=2"));
    let numbers: Vec<_> =
        values.as_array().expect("a list").iter().map(|v| v[1].as_f64()).collect();
    assert_eq!(numbers, [Some(21.0), Some(22.0)]);
    assert_eq!(get(served.address, "/api/cloud/values?device=no&stream=no").0, 404);
    let (_, calls) = get(served.address, "/api/cloud/log");
    let calls = calls.as_array().expect("a list");
    let last = calls.last().expect("one");
    assert_eq!((calls.len(), &last["status"], last["why"].is_string()), (4, &json!(404), true));
    assert_eq!((&calls[0]["device"], &calls[0]["method"]), (&json!("device00"), &json!("PUT")));
    let after = calls[2]["n"].as_i64().expect("a number");
    let (_, later) = get(served.address, &format!("/api/cloud/log?after={after}"));
    assert_eq!(later, json!([last]));
}

#[test]
fn names_are_told_without_a_board_that_can_be_asked() {
    let served = Served::of(Served::lab(Vec::new()));
    let (status, names) = get(served.address, "/api/names");
    assert_eq!(status, 200);
    let pin = &names["modules"]["machine"]["Pin"];
    let value = &pin["members"]["value"];
    assert_eq!((&pin["kind"], &value["kind"]), (&json!("class"), &json!("function")));
    // What they mean comes with them.
    assert_eq!(value["signature"], json!(["x: int = …"]));
    assert!(value["about"].as_str().is_some_and(|about| about.starts_with("The level")));
    assert!(names["about"]["machine"].as_str().is_some_and(|about| about.contains("hardware")));
}

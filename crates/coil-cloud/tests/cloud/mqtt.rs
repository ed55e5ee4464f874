//! The broker's bounds, met by a client that speaks byte by byte. What it does for clients that keep the rules, the end-to-end tests
//! try with clients of others.

use crate::support::TestCloud;
use coil_cloud::{CloudConfig, Limits, Peer};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tokio::time::timeout;

struct Client(DuplexStream);

fn text(text: &str) -> Vec<u8> {
    [&u16::try_from(text.len()).unwrap().to_be_bytes()[..], text.as_bytes()].concat()
}

/// A packet of this type, shorter than 16 KiB.
fn packet(kind: u8, body: &[u8]) -> Vec<u8> {
    let (low, high) = (body.len() as u8 & 0x7f, body.len() >> 7);
    let length = if high == 0 { vec![low] } else { vec![low | 0x80, high.try_into().unwrap()] };
    assert!(high < 0x80);
    [&[kind], &length[..], body].concat()
}

impl Client {
    fn open(cloud: &TestCloud) -> Self {
        let (ours, theirs) = tokio::io::duplex(1 << 20);
        let cloud = cloud.cloud.clone();
        tokio::spawn(async move {
            cloud.serve_mqtt_connection(theirs, Peer::default(), true).await;
        });
        Self(ours)
    }

    /// One that is let in, by version 4 (3.1.1) or 5, with this user name.
    async fn connected(cloud: &TestCloud, version: u8, name: &str, user: &str) -> Self {
        let mut client = Self::open(cloud);
        let flags = if user.is_empty() { 0x02 } else { 0x82 };
        let mut hello = [text("MQTT"), vec![version, flags, 0, 60]].concat();
        if version == 5 {
            hello.push(0);
        }
        hello.extend(text(name));
        if !user.is_empty() {
            hello.extend(text(user));
        }
        client.say(&packet(0x10, &hello)).await;
        assert_eq!(client.hear().await.unwrap().0, 0x20);
        client
    }

    async fn say(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).await.unwrap();
    }

    /// The next packet's type and body; nothing at the end.
    async fn hear(&mut self) -> Option<(u8, Vec<u8>)> {
        let kind = self.0.read_u8().await.ok()?;
        let (mut length, mut shift) = (0, 0);
        loop {
            let byte = usize::from(self.0.read_u8().await.ok()?);
            length |= (byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
            shift += 7;
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).await.ok()?;
        Some((kind, body))
    }

    /// The same, or nothing if nothing comes for a while.
    async fn hear_soon(&mut self) -> Option<(u8, Vec<u8>)> {
        timeout(Duration::from_millis(300), self.hear()).await.ok().flatten()
    }
}

#[tokio::test]
async fn a_packet_that_is_too_long_ends_the_connection_before_it_is_read() {
    let cloud = TestCloud::new().await;
    let mut five = Client::connected(&cloud, 5, "a", "").await;
    // Its length alone: 300,000 bytes.
    five.say(&[0x30, 0xe0, 0xa7, 0x12]).await;
    assert_eq!(five.hear().await, Some((0xe0, vec![0x95])), "packet too large");
    let mut three = Client::connected(&cloud, 4, "b", "").await;
    three.say(&[0x30, 0xe0, 0xa7, 0x12]).await;
    assert_eq!(three.hear().await, None);
}

#[tokio::test]
async fn more_connections_than_there_are_places_wait_until_one_ends() {
    let dir = tempfile::tempdir().unwrap();
    let limits = Limits { mqtt_connections: 2, ..Limits::default() };
    let config = CloudConfig { limits, ..CloudConfig::new(dir.path().join("cloud.db")) };
    let cloud = TestCloud::with_config(dir, config).await;
    let first = Client::connected(&cloud, 4, "a", "").await;
    let _second = Client::connected(&cloud, 4, "b", "").await;
    let mut third = Client::open(&cloud);
    third.say(&packet(0x10, &[text("MQTT"), vec![4, 2, 0, 60], text("c")].concat())).await;
    assert_eq!(third.hear_soon().await, None, "nobody reads it yet");
    drop(first);
    assert_eq!(third.hear().await.unwrap(), (0x20, vec![0, 0]));
}

#[tokio::test]
async fn an_answer_of_m2x_that_is_too_long_is_refused_with_the_way_to_get_it() {
    let cloud = TestCloud::new().await;
    let device = cloud.cloud.ensure_device("one", coil_cloud::DeviceKey::Random).await.unwrap();
    let path = format!("/v2/devices/{}/streams/s", device.id);
    let value = "x".repeat(4000);
    for _ in 0..70 {
        let body = format!(r#"{{"value":"{value}"}}"#);
        cloud.expect(&format!("PUT {path}/value"), &body, 202).await;
    }
    let mut client = Client::connected(&cloud, 4, "a", &device.key).await;
    let topic = |last| text(&format!("m2x/{}/{last}", device.key));
    client.say(&packet(0x82, &[vec![0, 1], topic("responses"), vec![0]].concat())).await;
    assert_eq!(client.hear().await.unwrap().0, 0x90);
    for (limit, status) in [(60, 200), (70, 413)] {
        let ask =
            format!(r#"{{"id":"1","method":"GET","resource":"{path}/values?limit={limit}"}}"#);
        client.say(&packet(0x30, &[topic("requests"), ask.into_bytes()].concat())).await;
        let (kind, body) = client.hear().await.unwrap();
        assert_eq!(kind, 0x30);
        let said = String::from_utf8(body[topic("responses").len()..].to_vec()).unwrap();
        let said: serde_json::Value = serde_json::from_str(&said).unwrap();
        assert_eq!(said["status"], status);
        let why = said["body"]["message"].as_str().unwrap_or_default();
        assert_eq!(why.contains("ask over HTTP"), status == 413, "{why}");
    }
}

#[tokio::test]
async fn no_more_messages_are_under_way_than_a_client_acknowledges() {
    let cloud = TestCloud::new().await;
    let mut slow = Client::connected(&cloud, 4, "slow", "").await;
    slow.say(&packet(0x82, &[vec![0, 1], text("a"), vec![1]].concat())).await;
    assert_eq!(slow.hear().await.unwrap(), (0x90, vec![0, 1, 1]));
    let mut other = Client::connected(&cloud, 4, "other", "").await;
    for id in 1..=40u8 {
        other.say(&packet(0x32, &[text("a"), vec![0, id, id]].concat())).await;
        assert_eq!(other.hear().await.unwrap(), (0x40, vec![0, id]));
    }
    let mut ids = Vec::new();
    while let Some((kind, body)) = slow.hear_soon().await {
        assert_eq!(kind & 0xf0, 0x30);
        ids.push([body[3], body[4]]);
    }
    assert_eq!(ids.len(), 32);
    slow.say(&packet(0x40, &ids[0])).await;
    assert_eq!(slow.hear().await.unwrap().1.last(), Some(&33), "one more for one");
}

#[tokio::test]
async fn who_sends_too_many_messages_is_read_more_slowly_and_loses_none() {
    const COUNT: usize = 3000;
    let cloud = TestCloud::new().await;
    let mut client = Client::connected(&cloud, 4, "a", "").await;
    let start = Instant::now();
    let all = packet(0x30, &[text("a"), vec![b'x']].concat()).repeat(COUNT);
    client.say(&[all, vec![0xc0, 0]].concat()).await;
    assert_eq!(client.hear().await.unwrap().0, 0xd0, "the ping after them is answered");
    // 2000 at once, the rest at a thousand a second.
    assert!(start.elapsed() > Duration::from_millis(900), "{:?}", start.elapsed());
}

#[tokio::test]
async fn who_says_nothing_at_first_or_keeps_silent_for_long_is_sent_away() {
    let dir = tempfile::tempdir().unwrap();
    let limits = Limits { header_seconds: 1, ..Limits::default() };
    let config = CloudConfig { limits, ..CloudConfig::new(dir.path().join("cloud.db")) };
    let cloud = TestCloud::with_config(dir, config).await;
    let start = Instant::now();
    assert_eq!(Client::open(&cloud).hear().await, None);
    let mut client = Client::open(&cloud);
    let hello = [text("MQTT"), vec![4, 2, 0, 1], text("a")].concat();
    client.say(&packet(0x10, &hello)).await;
    assert_eq!(client.hear().await.unwrap().0, 0x20);
    // One and a half times what it said that it would be silent at most.
    assert_eq!(client.hear().await, None);
    assert!((2.4..5.0).contains(&start.elapsed().as_secs_f64()), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_key_whose_time_is_over_hears_nothing_more() {
    let cloud = TestCloud::new().await;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let at = jiff::Timestamp::from_second(now.as_secs() as i64 + 2).unwrap();
    let body = format!(r#"{{"name":"k","permissions":["GET"],"expires_at":"{at}"}}"#);
    let made = cloud.expect("POST /v2/keys", &body, 201).await.json();
    let mut client = Client::connected(&cloud, 5, "a", made["key"].as_str().unwrap()).await;
    client.say(&packet(0x82, &[vec![0, 1, 0], text("a"), vec![0]].concat())).await;
    assert_eq!(client.hear().await.unwrap().0, 0x90);
    let end = timeout(Duration::from_secs(12), client.hear()).await.unwrap();
    assert_eq!(end, Some((0xe0, vec![0x87])), "not authorized");
}

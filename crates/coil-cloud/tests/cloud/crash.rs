//! What was accepted is there after the process is killed in the middle of its work.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use coil_cloud::{Cloud, CloudConfig, DeviceKey};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::support::TestCloud;

/// Names the folder of the process that is to be killed.
const FOLDER: &str = "COIL_CLOUD_CRASH_FOLDER";

/// Not a test by itself: the process that the next one starts and kills.
#[tokio::test]
async fn serves_until_it_is_killed() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let folder = Path::new(&folder);
    let config = CloudConfig::new(folder.join("cloud.db")).with_db_json(folder.join("db.json"));
    let cloud = Cloud::open(config).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    std::fs::write(folder.join("port.new"), port.to_string()).unwrap();
    std::fs::rename(folder.join("port.new"), folder.join("port")).unwrap();
    cloud.serve(listener, std::future::pending()).await.unwrap();
}

/// Puts whole numbers from `first` on in steps until the server is gone; gives those accepted.
async fn press(port: u16, key: String, device: String, first: u64, step: u64) -> Vec<u64> {
    let mut accepted = Vec::new();
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)).await else { return accepted };
    let mut answer = vec![0; 1024];
    for value in (first..).step_by(usize::try_from(step).unwrap()) {
        let body = json!({ "value": value }).to_string();
        let request = format!(
            "PUT /v2/devices/{device}/streams/a/value HTTP/1.1\r\nHost: x\r\nX-M2X-KEY: {key}\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let sent = stream.write_all(request.as_bytes()).await;
        match stream.read(&mut answer).await {
            Ok(length) if sent.is_ok() && answer[..length].starts_with(b"HTTP/1.1 202") => {
                accepted.push(value);
            }
            _ => return accepted,
        }
    }
    accepted
}

async fn wait_for_port(folder: &Path) -> u16 {
    for _ in 0..400 {
        if let Ok(port) = std::fs::read_to_string(folder.join("port")) {
            return port.parse().unwrap();
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the server did not start");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_accepted_value_is_there_after_a_kill() {
    let mut cloud = TestCloud::new().await;
    for round in 0..3_u64 {
        let device = cloud.cloud.ensure_device("one", DeviceKey::Random).await.unwrap();
        let TestCloud { dir, cloud: open, .. } = cloud;
        drop(open);
        let mut server = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::serves_until_it_is_killed"])
            .env(FOLDER, dir.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let port = wait_for_port(dir.path()).await;
        let tasks: Vec<_> = (0..16)
            .map(|n| {
                let first = round * 1_000_000 + n;
                tokio::spawn(press(port, device.key.clone(), device.id.clone(), first, 16))
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(200)).await;
        // SIGKILL on Unix.
        server.kill().unwrap();
        server.wait().unwrap();
        std::fs::remove_file(dir.path().join("port")).unwrap();
        let mut accepted = Vec::new();
        for task in tasks {
            accepted.extend(task.await.unwrap());
        }
        assert!(accepted.len() > 10, "too few to tell: {}", accepted.len());
        cloud = TestCloud::open(dir).await;
        let line = format!(
            "GET /v2/devices/{}/streams/a/values?limit=10000&min={}",
            device.id,
            round * 1_000_000
        );
        let stored = cloud.expect(&line, "", 200).await.json();
        let stored: std::collections::HashSet<u64> = stored["values"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["value"].as_u64().unwrap())
            .collect();
        let lost: Vec<_> = accepted.iter().filter(|value| !stored.contains(value)).collect();
        assert!(stored.len() == 10_000 || lost.is_empty(), "{} lost", lost.len());
    }
}

//! What was accepted is there after the process is killed in the middle of its work.

use std::collections::HashSet;
use std::path::Path;
use std::process::{Child, Command, Stdio};
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

/// Says numbers, one after the other, until the server is gone.
struct Press {
    port: u16,
    /// The head of each request, up to its length.
    head: String,
    name: &'static str,
    /// How an answer begins that is a promise.
    accepted: &'static str,
}

impl Press {
    /// Says whole numbers from `first` on in steps; gives those accepted.
    async fn run(self, first: u64, step: usize) -> Vec<u64> {
        let mut accepted = Vec::new();
        let Ok(mut stream) = TcpStream::connect(("127.0.0.1", self.port)).await else {
            return accepted;
        };
        let mut answer = vec![0; 4096];
        for value in (first..).step_by(step) {
            let body = json!({ self.name: value }).to_string();
            let request = format!("{}Content-Length: {}\r\n\r\n{body}", self.head, body.len());
            let sent = stream.write_all(request.as_bytes()).await;
            match stream.read(&mut answer).await {
                Ok(length)
                    if sent.is_ok() && answer[..length].starts_with(self.accepted.as_bytes()) =>
                {
                    accepted.push(value);
                }
                _ => return accepted,
            }
        }
        accepted
    }
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

/// A server on this folder, and its port.
async fn start(folder: &Path) -> (Child, u16) {
    let server = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::serves_until_it_is_killed"])
        .env(FOLDER, folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    (server, wait_for_port(folder).await)
}

/// The whole numbers below a bound that a stream holds.
async fn stored(cloud: &TestCloud, device: &str, from: u64, below: u64) -> HashSet<u64> {
    let mut found = HashSet::new();
    for min in (from..below).step_by(10_000) {
        let line = format!(
            "GET /v2/devices/{device}/streams/a/values?limit=10000&min={min}&max={}",
            min + 9_999
        );
        let answer = cloud.expect(&line, "", 200).await.json();
        let values = answer["values"].as_array().unwrap();
        found.extend(values.iter().map(|one| one["value"].as_u64().unwrap()));
    }
    found
}

/// Ten times: values and rows at once, and the process is killed at another moment.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_accepted_is_there_after_each_of_ten_kills_and_no_row_twice() {
    let mut cloud = TestCloud::with_db(r#"{"rows": []}"#).await;
    let mut rows = HashSet::new();
    for round in 0..10_u64 {
        let device = cloud.cloud.ensure_device("one", DeviceKey::Random).await.unwrap();
        let TestCloud { dir, cloud: open, .. } = cloud;
        drop(open);
        let (mut server, port) = start(dir.path()).await;
        let from = round * 1_000_000;
        let press = |n: u64| {
            let (head, name, accepted) = if n < 16 {
                let path = format!("PUT /v2/devices/{}/streams/a/value", device.id);
                (
                    format!("{path} HTTP/1.1\r\nHost: x\r\nX-M2X-KEY: {}\r\n", device.key),
                    "value",
                    "HTTP/1.1 202",
                )
            } else {
                let path =
                    "POST /json/rows HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
                (path.to_owned(), "n", "HTTP/1.1 201")
            };
            tokio::spawn(Press { port, head, name, accepted }.run(from + n, 32))
        };
        let tasks: Vec<_> = (0..32).map(press).collect();
        tokio::time::sleep(Duration::from_millis(150 + 31 * round)).await;
        // SIGKILL on Unix.
        server.kill().unwrap();
        server.wait().unwrap();
        std::fs::remove_file(dir.path().join("port")).unwrap();
        let (mut values, mut posted) = (HashSet::new(), 0);
        for (n, task) in tasks.into_iter().enumerate() {
            let accepted = task.await.unwrap();
            if n < 16 {
                values.extend(accepted);
            } else {
                posted += accepted.len();
                rows.extend(accepted);
            }
        }
        assert!(values.len() > 10 && posted > 10, "too few to tell: {} {posted}", values.len());
        cloud = TestCloud::open(dir).await;
        let last = values.iter().max().unwrap();
        let there = stored(&cloud, &device.id, from, last + 1).await;
        assert_eq!(values.difference(&there).count(), 0, "values lost in round {round}");
        let answer = cloud.call("", "GET /json/rows", "").await.json();
        let all: Vec<u64> =
            answer.as_array().unwrap().iter().map(|row| row["n"].as_u64().unwrap()).collect();
        let there: HashSet<u64> = all.iter().copied().collect();
        assert_eq!(there.len(), all.len(), "rows twice in round {round}");
        assert_eq!(rows.difference(&there).count(), 0, "rows lost in round {round}");
    }
}

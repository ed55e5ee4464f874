//! Side by side with the real json-server 0.17.4, when there is one: set `JSON_SERVER` to its
//! folder (`npm install json-server@0.17.4` makes `node_modules/json-server`).

use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::support::TestCloud;

const DB: &str = r#"{
  "posts": [
    {"id": 1, "title": "json-server", "author": "typicode", "views": 100, "tags": ["a", "b"], "meta": {"a": {"b": 1}}},
    {"id": 2, "title": "Coil", "author": "workshop", "views": 9, "published": false, "rate": 1.50},
    {"id": "device00", "key": "75ed7be11c6ca9631d1e50320dee9663", "views": null},
    {"id": 7, "title": "coil up", "author": "typicode", "views": "10", "2": "x", "1": "y"}
  ],
  "comments": [
    {"id": 1, "body": "first", "postId": 1},
    {"id": 2, "body": "second", "postId": 1},
    {"id": 3, "body": "third", "postId": 2},
    {"id": 4, "body": "odd", "postId": "2"}
  ],
  "people": [{"id": 1, "name": "Ann"}, {"id": 2, "name": "Bob"}],
  "pets": [{"id": 1, "personId": 1}, {"id": 2, "personId": 9}],
  "many": [{"id":1},{"id":2},{"id":3},{"id":4},{"id":5},{"id":6},{"id":7},{"id":8},{"id":9},{"id":10},{"id":11},{"id":12}],
  "empty": [],
  "profile": {"name": "typicode", "big": 1e21, "n": 12345678901234567890}
}"#;

/// Method, path, body. Writes change what later reads see, on both sides alike.
const CASES: &[(&str, &str)] = &[
    ("GET /db", ""),
    ("GET /posts", ""),
    ("GET /POSTS", ""),
    ("GET /posts/", ""),
    ("GET //posts", ""),
    ("GET /posts/1", ""),
    ("GET /posts/01", ""),
    ("GET /posts/1.0", ""),
    ("GET /posts/device00", ""),
    ("GET /posts/none", ""),
    ("GET /none", ""),
    ("GET /none/1", ""),
    ("GET /profile", ""),
    ("GET /profile/1", ""),
    ("GET /posts?author=typicode", ""),
    ("GET /posts?author=typicode&author=workshop", ""),
    ("GET /posts?author=typicode&title=coil%20up", ""),
    ("GET /posts?author[]=workshop", ""),
    ("GET /posts?typo=1", ""),
    ("GET /posts?tags=a,b", ""),
    ("GET /posts?tags.0=a", ""),
    ("GET /posts?meta.a.b=1", ""),
    ("GET /posts?id=1&id=7", ""),
    ("GET /posts?published=false", ""),
    ("GET /posts?rate=1.5", ""),
    ("GET /posts?views=null", ""),
    ("GET /posts?views_gte=10", ""),
    ("GET /posts?views_lte=10", ""),
    ("GET /posts?views_gte=", ""),
    ("GET /posts?views_gte=x", ""),
    ("GET /posts?title_gte=K", ""),
    ("GET /posts?nothing_gte=1", ""),
    ("GET /posts?id_ne=1", ""),
    ("GET /posts?id_ne=1&id_ne=2", ""),
    ("GET /posts?title_like=COIL", ""),
    ("GET /posts?title_like=^j.*r$", ""),
    ("GET /posts?q=coil", ""),
    ("GET /posts?q=false", ""),
    ("GET /posts?q=9663", ""),
    ("GET /posts?q=", ""),
    ("GET /empty?id=1", ""),
    ("GET /posts?_sort=views", ""),
    ("GET /posts?_sort=views&_order=desc", ""),
    ("GET /posts?_sort=author,id&_order=desc,asc", ""),
    ("GET /posts?_sort=author,title&_order=DESC", ""),
    ("GET /posts?_sort=meta.a.b", ""),
    ("GET /posts?_sort=nothing", ""),
    ("GET /many?_page=1", ""),
    ("GET /many?_page=2", ""),
    ("GET /many?_page=9", ""),
    ("GET /many?_page=x&_limit=5", ""),
    ("GET /many?_page=2&_limit=5", ""),
    ("GET /many?_page=1&_limit=50", ""),
    ("GET /many?_page=1&_limit=0", ""),
    ("GET /many?_limit=0", ""),
    ("GET /many?_limit=-1", ""),
    ("GET /many?_limit=3", ""),
    ("GET /many?_limit=x", ""),
    ("GET /many?_start=3", ""),
    ("GET /many?_start=3&_limit=2", ""),
    ("GET /many?_start=3&_end=6", ""),
    ("GET /many?_start=-3&_end=12", ""),
    ("GET /many?_end=6&_limit=2", ""),
    ("GET /many?_page=2&_end=3", ""),
    ("GET /posts?_embed=comments", ""),
    ("GET /posts/1?_embed=comments", ""),
    ("GET /posts/1?_embed=comments&_embed=none", ""),
    ("GET /people/1?_embed=pets", ""),
    ("GET /comments?_expand=post", ""),
    ("GET /comments/1?_expand=post", ""),
    ("GET /comments/1?_expand=nothing", ""),
    ("GET /pets/1?_expand=person", ""),
    ("GET /pets/2?_expand=person", ""),
    ("GET /posts/1/comments", ""),
    ("GET /posts/2/comments", ""),
    ("GET /posts/99/comments", ""),
    ("GET /none/1/comments", ""),
    ("GET /posts/1/comments?body=first", ""),
    ("GET /posts/1/none", ""),
    ("GET /posts/1/comments/1", ""),
    ("GET /posts?callback=f", ""),
    ("GET /posts/1?callback=f.g-h", ""),
    ("POST /posts", r#"{"title": "new"}"#),
    ("POST /posts?x=1", r#"{"title": "new", "id": 20}"#),
    ("POST /posts/", r#"{"title": "slash"}"#),
    ("POST /posts", r#"{"id": "text"}"#),
    ("POST /posts", r#"{"id": 0, "a": 1}"#),
    ("POST /posts", "{}"),
    ("POST /posts", ""),
    ("POST /empty", r#"{"b": 1.0}"#),
    ("POST /posts/1/comments", r#"{"body": "nested"}"#),
    ("POST /none", "{}"),
    ("POST /profile", r#"{"name": "replaced"}"#),
    ("GET /profile", ""),
    ("PATCH /profile", r#"{"more": true}"#),
    ("PUT /profile", r#"{"z": 1, "a": 2}"#),
    ("DELETE /profile", ""),
    ("PUT /posts/1", r#"{"title": "put", "id": 99}"#),
    ("PUT /posts/2", r#"{"title": "put"}"#),
    ("PUT /posts/2", ""),
    ("PUT /posts/999", "{}"),
    ("PUT /posts", "{}"),
    ("PATCH /posts/7", r#"{"views": 11, "id": 3, "z": null}"#),
    ("PATCH /posts/999", "{}"),
    ("DELETE /posts/999", ""),
    ("DELETE /posts", ""),
    ("DELETE /people/1", ""),
    ("GET /pets", ""),
    ("DELETE /posts/1", ""),
    ("GET /db", ""),
    ("PATCH /db", "{}"),
    ("GET /posts/1/comments", ""),
];

/// Where the original fails by a fault of its own, we refuse in words: our status, then theirs.
const REFUSED: &[(&str, &str, &str, &str)] = &[
    ("POST /posts", r#"{"id": 2}"#, "409", "500"),
    ("POST /posts", r#"{"id": "2"}"#, "409", "500"),
    ("GET /posts?_expand=comment", "", "400", "500"),
    ("GET /posts?_sort=a&_sort=b", "", "400", "500"),
    ("GET /posts?title_like=(", "", "400", "500"),
    ("POST /posts", "{", "400", "400"),
    ("POST /posts", "5", "400", "400"),
    ("POST /posts", "[]", "400", "201"),
];

/// Calls on the pretending service, which is mounted under two segments.
const PRETENDED: &[(&str, &str)] = &[
    ("GET /u/r/db", ""),
    ("GET /u/r/posts/device00", ""),
    ("GET /u/r/posts/none", ""),
    ("GET /u/r/posts?_page=1&_limit=2", ""),
    ("GET /u/r/posts/1/comments", ""),
    ("POST /u/r/posts", r#"{"title": "x", "id": 1}"#),
    ("POST /u/r/many", r#"{"title": "x", "id": 1}"#),
    ("POST /u/r/posts/1/comments", r#"{"a": 1}"#),
    ("POST /u/r/empty", "{}"),
    ("PUT /u/r/posts/1", r#"{"title": "x", "id": 5}"#),
    ("PATCH /u/r/posts/1", r#"{"title": "x"}"#),
    ("PATCH /u/r/posts/none", r#"{"title": "x"}"#),
    ("DELETE /u/r/posts/1", ""),
    ("DELETE /u/r/posts/none", ""),
    ("POST /u/r/profile", r#"{"a": 1}"#),
    ("PUT /u/r/profile", r#"{"a": 1}"#),
    ("PATCH /u/r/profile", r#"{"a": 1}"#),
    ("DELETE /u/r/profile", ""),
    ("GET /u/r/db", ""),
];

/// A server of the original's router that only pretends to write: folder, file, port.
const PRETENDING: &str = "const [folder, file, port] = process.argv.slice(1); \
    const original = require(folder); const server = original.create(); \
    server.use(original.defaults({ logger: false })); \
    server.use('/u/r', original.router(file, { _isFake: true })); \
    server.listen(Number(port), '127.0.0.1');";

/// Headers that have to be the same.
const HEADERS: &[&str] = &[
    "content-type",
    "content-length",
    "etag",
    "location",
    "link",
    "x-total-count",
    "vary",
    "access-control-expose-headers",
    "access-control-allow-credentials",
    "cache-control",
    "pragma",
    "expires",
    "x-content-type-options",
    "x-powered-by",
];

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn ask(address: SocketAddr, line: &str, body: &str) -> (String, Vec<String>, String) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let kind = if body.is_empty() { "" } else { "Content-Type: application/json\r\n" };
    let request = format!(
        "{line} HTTP/1.0\r\nHost: localhost\r\n{kind}Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().to_owned();
    let mut headers: Vec<String> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value))
        .filter(|(name, _)| HEADERS.contains(&name.as_str()))
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    headers.sort();
    (status, headers, body.to_owned())
}

/// Starts node with these arguments and a port of its own, and waits until it listens.
async fn node(cloud: &TestCloud, arguments: &[&str]) -> (Server, SocketAddr) {
    let address = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let port = address.port().to_string();
    let arguments = arguments.iter().map(|argument| argument.replace("PORT", &port));
    let child = Command::new("node")
        .args(arguments)
        .current_dir(cloud.dir.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    for _ in 0..200 {
        if TcpStream::connect(address).await.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    (Server(child), address)
}

async fn differences(ours: SocketAddr, theirs: SocketAddr, cases: &[(&str, &str)]) -> Vec<String> {
    let mut found = Vec::new();
    for (line, body) in cases {
        let (our, their) = (ask(ours, line, body).await, ask(theirs, line, body).await);
        if our != their {
            found.push(format!("{line} {body}\nours:   {our:?}\ntheirs: {their:?}\n"));
        }
    }
    found
}

/// A copy of the content for the other side.
fn copy(cloud: &TestCloud) -> String {
    let path = cloud.dir.path().join("theirs.json");
    std::fs::write(&path, DB).unwrap();
    path.to_str().unwrap().to_owned()
}

#[tokio::test]
async fn every_answer_is_that_of_the_real_json_server() {
    let Ok(folder) = std::env::var("JSON_SERVER") else { return };
    let cloud = TestCloud::with_db(DB).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let ours = listener.local_addr().unwrap();
    tokio::spawn(cloud.cloud.clone().serve_json(listener, std::future::pending()));
    let (program, db) = (format!("{folder}/lib/cli/bin.js"), copy(&cloud));
    let arguments = [program.as_str(), "--host", "127.0.0.1", "--port", "PORT", &db];
    let (_server, theirs) = node(&cloud, &arguments).await;
    let found = differences(ours, theirs, CASES).await;
    assert!(found.is_empty(), "{} differ\n{}", found.len(), found.join("\n"));
    for (line, body, our, their) in REFUSED {
        assert_eq!(ask(theirs, line, body).await.0, *their, "theirs: {line} {body}");
        let (status, _, text) = ask(ours, line, body).await;
        assert_eq!(status, *our, "ours: {line} {body}");
        assert!(text.contains("\"message\": \""), "{text}");
    }
}

#[tokio::test]
async fn every_pretended_write_is_answered_as_by_the_real_router() {
    let Ok(folder) = std::env::var("JSON_SERVER") else { return };
    let cloud = TestCloud::with_db(DB).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let ours = listener.local_addr().unwrap();
    tokio::spawn(cloud.cloud.clone().serve(listener, std::future::pending()));
    let db = copy(&cloud);
    let (_server, theirs) = node(&cloud, &["-e", PRETENDING, &folder, &db, "PORT"]).await;
    let found = differences(ours, theirs, PRETENDED).await;
    assert!(found.is_empty(), "{} differ\n{}", found.len(), found.join("\n"));
    assert_eq!(ask(theirs, "PUT /u/r/posts/none", "{}").await.0, "500");
    assert_eq!(ask(ours, "PUT /u/r/posts/none", "{}").await.0, "404");
}

/// The Python with `m2x==5.5.0` in it is named by `M2X_PYTHON`.
#[tokio::test]
async fn the_python_client_of_m2x_works_unmodified() {
    let Ok(python) = std::env::var("M2X_PYTHON") else { return };
    let cloud = TestCloud::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(cloud.cloud.clone().serve(listener, std::future::pending()));
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cloud/m2x_client.py");
    let arguments = [script.to_owned(), endpoint, cloud.master.clone()];
    let run = move || Command::new(python).args(arguments).output();
    let run = tokio::task::spawn_blocking(run).await.unwrap().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}

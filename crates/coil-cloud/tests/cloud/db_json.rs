//! `db.json`: the file stays the user's file, whatever is asked of it.

use std::fs;

use axum::body::Body;
use axum::http::Request;
use serde_json::json;

use crate::support::{TestCloud, in_the_file};

const DB: &str = r#"{
  "posts": [
    {"id": "device00", "key": "75ed7be11c6ca9631d1e50320dee9663"},
    {"id": "device01", "key": "x", "room": {"floor": 2}}
  ],
  "comments": [{"id": 1, "postId": "device00", "stars": 5}, {"id": 2, "postId": "device01", "stars": 3}],
  "profile": {"name": "workshop"}
}
"#;

#[tokio::test]
async fn a_board_reads_its_key_under_the_name_it_knows() {
    let cloud = TestCloud::with_db(DB).await;
    for (host, path) in [
        ("my-json-server.typicode.com", "/anyone/workshop/posts/device00"),
        ("my-json-server.typicode.com:80", "/anyone/workshop/posts/device00"),
        ("127.0.0.1:8080", "/anyone/workshop/posts/device00"),
        ("127.0.0.1:8080", "/json/posts/device00"),
    ] {
        let request = Request::get(path).header("Host", host).body(Body::empty()).unwrap();
        let answer = cloud.send(request).await;
        assert_eq!(answer.status, 200, "{host}{path}");
        assert_eq!(answer.json()["key"], json!("75ed7be11c6ca9631d1e50320dee9663"));
        assert_eq!(answer.header("content-type"), "application/json; charset=utf-8");
        assert!(
            answer.text.starts_with("{\n  \"id\": \"device00\",\n  \"key\""),
            "{}",
            answer.text
        );
    }
}

#[tokio::test]
async fn lists_are_filtered_sorted_cut_and_joined() {
    let cloud = TestCloud::with_db(DB).await;
    for (path, expected) in [
        ("/u/r/posts?key=x", json!([{"id": "device01", "key": "x", "room": {"floor": 2}}])),
        ("/u/r/posts?room.floor=2&_limit=0", json!([])),
        ("/u/r/comments?stars_gte=4", json!([{"id": 1, "postId": "device00", "stars": 5}])),
        ("/u/r/comments?stars_ne=5", json!([{"id": 2, "postId": "device01", "stars": 3}])),
        (
            "/u/r/comments?_sort=stars&_limit=1",
            json!([{"id": 2, "postId": "device01", "stars": 3}]),
        ),
        ("/u/r/posts/device01/comments", json!([{"id": 2, "postId": "device01", "stars": 3}])),
        (
            "/u/r/posts?q=DEVICE00",
            json!([{"id": "device00", "key": "75ed7be11c6ca9631d1e50320dee9663"}]),
        ),
        ("/u/r/profile", json!({"name": "workshop"})),
        ("/u/r/posts/device02", json!({})),
        ("/u/r/nothing", json!({})),
    ] {
        let answer = cloud.call("", &format!("GET {path}"), "").await;
        assert_eq!(answer.json(), expected, "{path}");
        let is_missing = expected == json!({});
        assert_eq!(answer.status.as_u16(), if is_missing { 404 } else { 200 }, "{path}");
    }
    let page = cloud.call("", "GET /u/r/posts?_page=1&_limit=1", "").await;
    assert_eq!(page.header("x-total-count"), "2");
    assert!(
        page.header("link").contains("<http://127.0.0.1/u/r/posts?_page=2&_limit=1>; rel=\"next\"")
    );
    let joined = cloud.call("", "GET /u/r/posts/device00?_embed=comments", "").await.json();
    assert_eq!(joined["comments"][0]["stars"], json!(5));
    let joined = cloud.call("", "GET /u/r/comments/2?_expand=post", "").await.json();
    assert_eq!(joined["post"]["room"]["floor"], json!(2));
}

#[tokio::test]
async fn pretended_writes_change_nothing_and_real_ones_get_into_the_file() {
    let cloud = TestCloud::with_db(DB).await;
    let path = cloud.dir.path().join("db.json");
    for line in ["POST /u/r/posts", "PUT /u/r/posts/device00", "DELETE /u/r/posts/device00"] {
        let answer = cloud.call("", line, r#"{"a": 1}"#).await;
        assert!(answer.status.is_success(), "{line}: {}", answer.text);
        assert_eq!(fs::read_to_string(&path).unwrap(), DB);
    }
    for (line, body, status, in_file) in [
        ("POST /json/posts", r#"{"id": "device02"}"#, 201, "\"device02\""),
        ("PATCH /json/posts/device02", r#"{"room": "attic"}"#, 200, "\"room\": \"attic\""),
        ("PUT /json/profile", r#"{"name": "changed"}"#, 200, "\"name\": \"changed\""),
    ] {
        let answer = cloud.call("", line, body).await;
        assert_eq!(answer.status, status, "{line}: {}", answer.text);
        in_the_file(&path, |text| text.contains(in_file));
    }
    let gone = cloud.call("", "DELETE /json/posts/device00", "").await;
    assert_eq!((gone.status.as_u16(), gone.text.as_str()), (200, "{}"));
    let left = cloud.call("", "GET /json/comments", "").await.json();
    assert_eq!(left, json!([{"id": 2, "postId": "device01", "stars": 3}]));
    in_the_file(&path, |text| !text.contains("device00"));
    let files = fs::read_dir(cloud.dir.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(files.into_iter().all(|name| !name.to_string_lossy().ends_with(".new")));
}

#[tokio::test]
async fn edits_from_outside_are_seen_and_a_broken_file_is_never_overwritten() {
    let cloud = TestCloud::with_db(DB).await;
    let path = cloud.dir.path().join("db.json");
    assert_eq!(cloud.call("", "GET /json/posts/device09", "").await.status, 404);
    fs::write(&path, r#"{"posts": [{"id": "device09"}]}"#).unwrap();
    assert_eq!(cloud.call("", "GET /json/posts/device09", "").await.status, 200);
    cloud.call("", "POST /json/posts", r#"{"id": "device10"}"#).await;
    fs::write(&path, r#"{"posts": [{"id": "device11"}, ]}"#).unwrap();
    for line in ["GET /json/posts", "POST /json/posts", "GET /u/r/posts"] {
        let answer = cloud.call("", line, "{}").await;
        assert_eq!(answer.status, 500);
        assert!(answer.text.contains("`db.json` cannot be read: "), "{}", answer.text);
    }
    assert!(fs::read_to_string(&path).unwrap().contains("device11"));
    fs::remove_file(&path).unwrap();
    assert_eq!(cloud.call("", "GET /json/posts", "").await.status, 404);
    fs::write(&path, "{\"posts\": []}").unwrap();
    assert_eq!(cloud.call("", "POST /json/posts", "{}").await.json(), json!({"id": 1}));
}

#[tokio::test]
async fn writes_at_the_same_time_are_all_kept() {
    let cloud = TestCloud::with_db(r#"{"posts": []}"#).await;
    let calls = (0..50).map(|_| async { cloud.call("", "POST /json/posts", "{}").await.status });
    let mut set = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let router = cloud.cloud.router();
        set.spawn(async move {
            let request = Request::post("/json/posts").body(Body::empty()).unwrap();
            tower::ServiceExt::oneshot(router, request).await.unwrap().status()
        });
    }
    while let Some(status) = set.join_next().await {
        assert_eq!(status.unwrap(), 201);
    }
    for call in calls {
        assert_eq!(call.await, 201);
    }
    in_the_file(&cloud.dir.path().join("db.json"), |text| {
        let db: serde_json::Value = serde_json::from_str(text).unwrap();
        let ids = db["posts"].as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap());
        ids.eq(1..=100)
    });
}

#[tokio::test]
async fn what_a_client_has_is_not_sent_again_and_what_is_large_is_packed() {
    let cloud = TestCloud::with_db(DB).await;
    let get = |headers: &[(&str, &str)], path: &str| {
        let request = headers
            .iter()
            .fold(Request::get(path), |request, (name, value)| request.header(*name, *value));
        cloud.send(request.body(Body::empty()).unwrap())
    };
    let tag = get(&[], "/json/profile").await.header("etag").to_owned();
    assert!(tag.starts_with("W/\"18-"), "{tag}");
    assert_eq!(get(&[("If-None-Match", &tag)], "/json/profile").await.status, 304);
    let fresh = [("If-None-Match", tag.as_str()), ("Cache-Control", "no-cache")];
    assert_eq!(get(&fresh, "/json/profile").await.status, 200);
    let origin = get(&[("Origin", "http://desk")], "/json/profile").await;
    assert_eq!(origin.header("access-control-allow-origin"), "http://desk");
    let rows: Vec<_> = (0..200).map(|id| json!({ "id": id })).collect();
    fs::write(cloud.dir.path().join("db.json"), json!({ "rows": rows }).to_string()).unwrap();
    let packed = get(&[("Accept-Encoding", "br, gzip;q=0.5")], "/json/rows").await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert_eq!(
        get(&[("Accept-Encoding", "gzip;q=0")], "/json/rows").await.header("content-encoding"),
        ""
    );
}

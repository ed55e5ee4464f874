//! The journal beside `db.json`: whatever happens between an answer and the file, nobody's work is lost, and none is done twice.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::support::{TestCloud, in_the_file};

/// Posts three rows, of which the file has one when they are answered: on a busy machine not at the first try.
async fn three_posts(db: &str) -> TestCloud {
    for _ in 0..50 {
        let cloud = TestCloud::with_db(db).await;
        for n in 1..=3 {
            let answer = cloud.call("", "POST /json/posts", &json!({ "n": n }).to_string()).await;
            assert_eq!(answer.status, 201, "{}", answer.text);
        }
        if !fs::read_to_string(cloud.dir.path().join("db.json")).unwrap().contains("\"n\": 2") {
            return cloud;
        }
    }
    panic!("three writes take longer than the file is old");
}

fn of_file(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

#[tokio::test]
async fn a_write_alone_is_in_the_file_when_answered_and_those_after_it_a_moment_later() {
    let cloud = TestCloud::with_db(r#"{"posts": []}"#).await;
    let path = cloud.dir.path().join("db.json");
    cloud.call("", "POST /json/posts", "{}").await;
    assert_eq!(of_file(&path), json!({"posts": [{"id": 1}]}));
    for _ in 2..=5 {
        cloud.call("", "POST /json/posts", "{}").await;
    }
    in_the_file(&path, |text| text.contains("\"id\": 5"));
}

#[tokio::test]
async fn the_end_of_the_program_leaves_nothing_behind() {
    let TestCloud { dir, cloud, .. } = three_posts(r#"{"posts": []}"#).await;
    drop(cloud);
    let posts = json!([{"n": 1, "id": 1}, {"n": 2, "id": 2}, {"n": 3, "id": 3}]);
    assert_eq!(of_file(&dir.path().join("db.json")), json!({ "posts": posts }));
}

#[tokio::test]
async fn an_edit_between_an_answer_and_the_file_keeps_both() {
    for (edited, expected, is_told) in [
        // Rows that the file has are not there any more: somebody has removed them.
        (json!({"posts": []}), json!({"posts": [{"n": 2, "id": 2}, {"n": 3, "id": 3}]}), false),
        (
            json!({"posts": [{"id": 2, "mine": 1}], "x": 5}),
            json!({"posts": [{"id": 2, "mine": 1}, {"n": 2, "id": 3}, {"n": 3, "id": 4}], "x": 5}),
            true,
        ),
        (json!({"x": 5}), json!({"x": 5, "posts": [{"n": 2, "id": 2}, {"n": 3, "id": 3}]}), false),
    ] {
        let cloud = three_posts(r#"{"posts": []}"#).await;
        let path = cloud.dir.path().join("db.json");
        fs::write(&path, edited.to_string()).unwrap();
        assert_eq!(cloud.call("", "GET /json/db", "").await.json(), expected, "{edited}");
        in_the_file(&path, |text| serde_json::from_str::<Value>(text).is_ok_and(|v| v == expected));
        let page = cloud.call("", "GET /", "").await.text;
        assert_eq!(page.contains("was edited at the same time"), is_told, "{edited}");
    }
}

#[tokio::test]
async fn what_was_answered_waits_for_a_file_that_is_broken_or_gone() {
    let cloud = three_posts(r#"{"posts": []}"#).await;
    let path = cloud.dir.path().join("db.json");
    fs::write(&path, "{").unwrap();
    assert_eq!(cloud.call("", "POST /json/posts", "{}").await.status, 500);
    fs::remove_file(&path).unwrap();
    for line in ["GET /json/posts", "POST /json/posts"] {
        assert_eq!(cloud.call("", line, "{}").await.status, 404, "{line}");
    }
    assert!(!path.exists());
    fs::write(&path, r#"{"posts": [{"id": 7}]}"#).unwrap();
    let expected = json!([{"id": 7}, {"n": 2, "id": 2}, {"n": 3, "id": 3}]);
    assert_eq!(cloud.call("", "GET /json/posts", "").await.json(), expected);
    in_the_file(&path, |text| text.contains("\"n\": 3"));
}

#[tokio::test]
async fn where_the_file_cannot_be_replaced_writes_are_refused_and_kept_ones_wait() {
    let cloud = TestCloud::with_db(r#"{"posts": []}"#).await;
    let path = cloud.dir.path().join("db.json");
    // Nobody can write a file where a folder is, not even root.
    let draft = cloud.dir.path().join(".db.json.new");
    fs::create_dir(&draft).unwrap();
    let refused = cloud.call("", "POST /json/posts", "{}").await;
    assert_eq!(refused.status, 500);
    assert!(refused.text.contains("`db.json` cannot be written: "), "{}", refused.text);
    assert_eq!(cloud.call("", "GET /json/posts", "").await.json(), json!([]));
    fs::remove_dir(&draft).unwrap();
    // The journal has the second one before anybody knows that the file will not get it; on a busy machine not at the first try.
    loop {
        assert_eq!(cloud.call("", "POST /json/posts", r#"{"n": 1}"#).await.status, 201);
        fs::create_dir(&draft).unwrap();
        if cloud.call("", "POST /json/posts", r#"{"n": 2}"#).await.status == 201 {
            break;
        }
        fs::remove_dir(&draft).unwrap();
    }
    let kept = cloud.call("", "GET /json/posts", "").await.json();
    assert_eq!(kept.as_array().unwrap().last().unwrap()["n"], 2);
    tokio::time::sleep(std::time::Duration::from_millis(400)).await;
    assert_eq!(cloud.call("", "POST /json/posts", r#"{"n": 3}"#).await.status, 500);
    assert_eq!(cloud.call("", "GET /json/posts", "").await.json(), kept);
    fs::remove_dir(&draft).unwrap();
    let last = cloud.call("", "POST /json/posts", r#"{"n": 4}"#).await;
    assert_eq!(last.status, 201);
    let mut posts = kept.as_array().unwrap().clone();
    posts.push(last.json());
    assert_eq!(of_file(&path), json!({ "posts": posts }));
}

/// What is on the disk when a program starts again, and what it makes of it.
struct Killed {
    file: &'static str,
    /// The file that was about to take its place.
    draft: Option<&'static str>,
    announced: Option<i64>,
    expected: Value,
}

#[tokio::test]
async fn after_a_kill_at_any_point_each_change_is_there_once() {
    let row =
        |n: i64| json!([{"Insert": {"table": "posts", "row": {"n": n, "id": n}}}]).to_string();
    let patch = r#"[{"Write": {"method": "PATCH", "path": ["one"], "body": {"b": 2}}}]"#;
    let old = r#"{"posts": [], "one": {}}"#;
    let new = r#"{"posts": [{"n": 1, "id": 1}, {"n": 2, "id": 2}], "one": {}}"#;
    let all = json!({"posts": [{"n": 1, "id": 1}, {"n": 2, "id": 2}], "one": {"b": 2}});
    let edited = r#"{"posts": [{"id": 1, "mine": 1}], "one": {}}"#;
    for (name, Killed { file, draft, announced, expected }) in [
        (
            "before the draft",
            Killed { file: old, draft: None, announced: None, expected: all.clone() },
        ),
        (
            "a torn draft",
            Killed { file: old, draft: Some("{\"po"), announced: None, expected: all.clone() },
        ),
        (
            "announced",
            Killed { file: old, draft: Some(new), announced: Some(2), expected: all.clone() },
        ),
        ("in place", Killed { file: new, draft: None, announced: Some(2), expected: all.clone() }),
        (
            "in place, then edited",
            Killed {
                file: edited,
                draft: None,
                announced: Some(2),
                expected: json!({"posts": [{"id": 1, "mine": 1}], "one": {"b": 2}}),
            },
        ),
        (
            "announced, then edited",
            Killed {
                file: r#"{"posts": [{"id": 9}], "one": {"a": 1}}"#,
                draft: Some(new),
                announced: Some(2),
                expected: json!({
                    "posts": [{"id": 9}, {"n": 1, "id": 1}, {"n": 2, "id": 2}], "one": {"a": 1, "b": 2}
                }),
            },
        ),
    ] {
        let TestCloud { dir, cloud, .. } = TestCloud::with_db(file).await;
        drop(cloud);
        let path = dir.path().join("db.json");
        let database = Connection::open(dir.path().join("cloud.db")).unwrap();
        for (seq, changes) in [(1, row(1)), (2, row(2)), (3, patch.to_owned())] {
            let sql = "INSERT INTO changes (seq, changes) VALUES (?1, ?2)";
            database.execute(sql, (seq, changes)).unwrap();
        }
        if let Some(upto) = announced {
            let sql = "INSERT INTO meta (name, value) VALUES ('db_json_has', ?1)";
            database.execute(sql, [upto.to_string()]).unwrap();
        }
        if let Some(draft) = draft {
            fs::write(dir.path().join(".db.json.new"), draft).unwrap();
        }
        let cloud = TestCloud::open(dir).await;
        assert_eq!(cloud.call("", "GET /json/db", "").await.json(), expected, "{name}");
        in_the_file(&path, |text| serde_json::from_str::<Value>(text).is_ok_and(|v| v == expected));
        let TestCloud { dir, cloud, .. } = cloud;
        drop(cloud);
        let left: i64 = database
            .query_row(
                "SELECT (SELECT count(*) FROM changes) + (SELECT count(*) FROM meta)",
                [],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(left, 0, "{name}");
        assert!(!dir.path().join(".db.json.new").exists(), "{name}");
    }
}

#[tokio::test]
async fn a_record_that_cannot_be_read_is_told_and_keeps_nothing_else_back() {
    let TestCloud { dir, cloud, .. } = TestCloud::with_db(r#"{"posts": []}"#).await;
    drop(cloud);
    let database = Connection::open(dir.path().join("cloud.db")).unwrap();
    let good = r#"[{"Insert": {"table": "posts", "row": {"id": 2}}}]"#;
    for (seq, changes) in [(1, "[{\"Ins"), (2, good)] {
        database
            .execute("INSERT INTO changes (seq, changes) VALUES (?1, ?2)", (seq, changes))
            .unwrap();
    }
    drop(database);
    let cloud = TestCloud::open(dir).await;
    assert_eq!(cloud.call("", "GET /json/posts", "").await.json(), json!([{"id": 2}]));
    let page = cloud.call("", "GET /", "").await.text;
    assert!(page.contains("a record of the journal cannot be read"), "{page}");
}

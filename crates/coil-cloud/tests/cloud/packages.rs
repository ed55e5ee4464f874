//! Packages of the workshop's own, as `mip` and `upip` ask for them.

use crate::support::{Answer, TestCloud};
use axum::body::Body;
use axum::http::Request;
use coil_cloud::{CloudConfig, Peer};
use flate2::read::GzDecoder;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::io::Read;
use tower::ServiceExt as _;

/// A cloud with these files in its folder of packages.
async fn cloud(files: &[(&str, &str)]) -> TestCloud {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("packages");
    for (path, content) in files {
        write(&folder, path, content);
    }
    let config = CloudConfig::new(dir.path().join("cloud.db")).with_packages(folder);
    TestCloud::with_config(dir, config).await
}

fn write(folder: &std::path::Path, path: &str, content: &str) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, content).unwrap();
}

async fn get(cloud: &TestCloud, path: &str) -> Answer {
    cloud.call("", &format!("GET {path}"), "").await
}

fn short_hash(content: &str) -> String {
    Sha256::digest(content)[..4].iter().map(|byte| format!("{byte:02x}")).collect()
}

const LAMP: &[(&str, &str)] = &[
    ("beep.py", "def beep(): pass\n"),
    (
        "lamp/package.json",
        r#"{ "version": "1.2", "urls": [["lamp/__init__.py", "src/lamp.py"]], "deps": [["beep", "latest"]] }"#,
    ),
    ("lamp/src/lamp.py", "import beep\n"),
    ("lamp/README.md", "Not for boards."),
    ("plain/__init__.py", "a = 1\n"),
    ("plain/deep/b.py", "b = 2\n"),
    ("plain/__pycache__/b.pyc", "x"),
    ("plain/.hidden", "x"),
    ("notes.txt", "no package"),
];

#[tokio::test]
async fn mip_gets_what_is_in_the_folder() {
    let cloud = cloud(LAMP).await;
    let lamp = get(&cloud, "/pi/v2/package/6/lamp/latest.json").await;
    let hash = short_hash("import beep\n");
    let wanted = json!({ "v": 1, "version": "1.2", "hashes": [["lamp/__init__.py", hash]], "deps": [["beep", "latest"]] });
    assert_eq!((lamp.status.as_u16(), lamp.json()), (200, wanted.clone()));
    assert_eq!(get(&cloud, "/pi/v2/package/py/lamp/1.2.json").await.json(), wanted);
    let file = get(&cloud, &format!("/pi/v2/file/{}/{hash}", &hash[..2])).await;
    assert_eq!((file.status.as_u16(), &*file.text), (200, "import beep\n"));
    let beep = get(&cloud, "/pi/v2/package/6/beep/latest.json").await.json();
    assert_eq!(beep["hashes"], json!([["beep.py", short_hash("def beep(): pass\n")]]));
    assert_eq!((&beep["version"], &beep["deps"]), (&json!("0.0"), &json!([])));
    let plain = get(&cloud, "/pi/v2/package/6/plain/latest.json").await.json();
    let paths: Vec<_> = plain["hashes"].as_array().unwrap().iter().map(|file| &file[0]).collect();
    assert_eq!(paths, ["plain/__init__.py", "plain/deep/b.py"]);
}

#[tokio::test]
async fn what_changes_in_the_folder_is_given_from_then_on() {
    let cloud = cloud(&[]).await;
    let folder = cloud.dir.path().join("packages");
    assert_eq!(get(&cloud, "/pi/v2/package/6/new/latest.json").await.status, 404);
    write(&folder, "new.py", "a = 1\n");
    let first = get(&cloud, "/pi/v2/package/6/new/latest.json").await.json();
    assert_eq!(first["hashes"][0][1], json!(short_hash("a = 1\n")));
    write(&folder, "new.py", "a = 12\n");
    let second = get(&cloud, "/pi/v2/package/6/new/latest.json").await.json();
    assert_eq!(second["hashes"][0][1], json!(short_hash("a = 12\n")));
}

/// The content of a file of a tar in gzip.
fn unpacked(bytes: &[u8]) -> Vec<(String, String)> {
    let mut tar = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut tar).unwrap();
    let mut files = Vec::new();
    let mut at = 0;
    while tar[at] != 0 {
        let text = |range: std::ops::Range<usize>| {
            let field = &tar[at + range.start..at + range.end];
            let end = field.iter().position(|b| *b == 0 || *b == b' ').unwrap_or(field.len());
            String::from_utf8(field[..end].to_vec()).unwrap()
        };
        let sum: u32 = (0..512)
            .map(|i| if (148..156).contains(&i) { 32 } else { u32::from(tar[at + i]) })
            .sum();
        assert_eq!(u32::from_str_radix(&text(148..156), 8).unwrap(), sum);
        let size = usize::from_str_radix(&text(124..136), 8).unwrap();
        let content = String::from_utf8(tar[at + 512..at + 512 + size].to_vec()).unwrap();
        files.push((text(0..100), content));
        at += 512 + size.next_multiple_of(512);
    }
    files
}

#[tokio::test]
async fn upip_gets_an_archive() {
    let cloud = cloud(LAMP).await;
    for (name, tls) in [("lamp", false), ("micropython-lamp", true)] {
        let request = Request::builder()
            .uri(format!("/pi/{name}/json"))
            .header("Host", "micropython.org")
            .extension(Peer { address: None, tls });
        let told = cloud.send(request.body(Body::empty()).unwrap()).await.json();
        let scheme = if tls { "https" } else { "http" };
        let url = format!("{scheme}://micropython.org/pi/archive/lamp-1.2.tar.gz");
        let wanted =
            json!({ "info": { "version": "1.2" }, "releases": { "1.2": [{ "url": url }] } });
        assert_eq!(told, wanted);
    }
    let request = Request::builder().uri("/pi/archive/lamp-1.2.tar.gz").body(Body::empty());
    let response = cloud.cloud.router().oneshot(request.unwrap()).await.unwrap();
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let wanted = [
        ("lamp-1.2/lamp.egg-info/requires.txt", "beep"),
        ("lamp-1.2/lamp/__init__.py", "import beep\n"),
    ];
    assert_eq!(unpacked(&bytes), wanted.map(|(path, text)| (path.into(), text.into())));
}

#[tokio::test]
async fn what_is_not_there_is_not_found_and_nothing_beside_the_folder_is_given() {
    let cloud = cloud(LAMP).await;
    let secret = cloud.dir.path().join("secret.py");
    std::fs::write(&secret, "secret\n").unwrap();
    let folder = cloud.dir.path().join("packages");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&secret, folder.join("linked.py")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(cloud.dir.path(), folder.join("around")).unwrap();
    let hash = short_hash("secret\n");
    for path in [
        "/pi/v2/package/6/none/latest.json",
        "/pi/v2/package/6/lamp/2.0.json",
        "/pi/v2/package/6/lamp/latest",
        "/pi/v2/package/6/..%2Fsecret/latest.json",
        "/pi/v2/package/6/%2e%2e/latest.json",
        "/pi/v2/package/6/linked/latest.json",
        "/pi/v2/package/6/around/latest.json",
        "/pi/v2/package/6/notes/latest.json",
        "/pi/v2/file/00/00000000",
        "/pi/v2/file/..%2F..%2Fsecret.py/..%2Fsecret.py",
        "/pi/none/json",
        "/pi/micropython-none/json",
        "/pi/..%2Fsecret.py/json",
        "/pi/archive/lamp-2.0.tar.gz",
        "/pi/archive/..%2F..%2Fsecret.py",
        "/pi/archive/lamp-1.2",
        "/pi",
    ] {
        let answer = get(&cloud, path).await;
        assert_eq!(answer.status, 404, "{path}: {}", answer.text);
        assert!(!answer.text.contains("secret\n"), "{path}");
    }
    let at = format!("/pi/v2/file/{}/{hash}", &hash[..2]);
    assert_eq!(get(&cloud, &at).await.status, 404);
    let wrong = cloud.call("", "POST /pi/v2/file/00/00000000", "").await;
    assert_eq!(wrong.status, 405);
}

#[tokio::test]
async fn what_is_wrong_with_a_package_is_told() {
    for (path, content, words) in [
        ("a/package.json", "{", "packages/a/package.json: EOF"),
        ("a/package.json", r#"{ "version": "../1" }"#, "`../1` is no version"),
        ("a/package.json", r#"{ "urls": [["x.py", "none.py"]] }"#, "`a/none.py` is not in"),
        ("a/package.json", r#"{ "urls": [["x.py", "../b.py"]] }"#, "`a/../b.py` is not in"),
        ("a/package.json", r#"{ "urls": [["../x.py", "package.py"]] }"#, "`../x.py` is no place"),
        ("a/b/c/d/e/f/g/h/i/j.py", "", "more than 8 folders"),
    ] {
        let cloud = cloud(&[(path, content), ("a/package.py", ""), ("b.py", "")]).await;
        let answer = get(&cloud, "/pi/v2/package/6/a/latest.json").await;
        assert_eq!(answer.status, 500, "{}", answer.text);
        assert!(answer.text.contains(words), "{}", answer.text);
        // The others are there all the same, where the folder can be read.
        let other = get(&cloud, "/pi/v2/package/6/b/latest.json").await;
        assert_eq!(other.status == 200, !words.contains("folders"), "{}", other.text);
    }
}

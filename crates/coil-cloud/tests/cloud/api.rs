//! The description of the calls: that it is one, that it says what is served, and that schemathesis, which asks by it whatever comes
//! to its mind, finds nothing. `COIL_SCHEMATHESIS` names the environment with `schemathesis==4.32.5` in it.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use axum::body::Body;
use axum::http::Request;
use coil_cloud::DeviceKey;
use serde_json::Value;
use tokio::net::TcpListener;

use crate::support::TestCloud;

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "DELETE", "PATCH"];

/// Methods of each described path, as the document has them.
fn described(document: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let paths = document["paths"].as_object().unwrap().iter();
    let upper = |item: &Value| item.as_object().unwrap().keys().map(|m| m.to_uppercase()).collect();
    paths.map(|(path, item)| (path.clone(), upper(item))).collect()
}

/// Every text in a document that stands under this name.
fn all_named<'a>(document: &'a Value, name: &str, found: &mut Vec<&'a str>) {
    match document {
        Value::Object(members) => {
            for (key, value) in members {
                found.extend(value.as_str().filter(|_| key == name));
                all_named(value, name, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| all_named(item, name, found)),
        _ => {}
    }
}

#[tokio::test]
async fn the_description_is_openapi_and_refers_to_nothing_that_is_not_there() {
    let cloud = TestCloud::new().await;
    let answer = cloud.call("", "GET /openapi.json", "").await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/json"));
    assert!(!answer.text.contains(&cloud.master));
    let document = answer.json();
    assert_eq!(document["openapi"], "3.1.0");
    assert!(described(&document).len() >= 61, "{}", described(&document).len());
    let mut references = Vec::new();
    all_named(&document, "$ref", &mut references);
    assert!(references.len() > 100, "{}", references.len());
    for reference in references {
        let place = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(place).is_some(), "{reference}");
    }
    let mut names = Vec::new();
    all_named(&document["paths"], "operationId", &mut names);
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "{names:?}");
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let mut answers = operation["responses"].as_object().unwrap().keys();
            assert!(answers.any(|status| status.starts_with('2')), "{method} {path}");
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let in_path = parameters.filter(|parameter| parameter["in"] == "path");
            let names: Vec<String> =
                in_path.map(|one| format!("{{{}}}", one["name"].as_str().unwrap())).collect();
            let parts = path.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0));
            let parts: Vec<String> = parts.map(|name| format!("{{{name}}}")).collect();
            assert_eq!(names, parts, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn what_is_described_is_served_and_every_other_method_is_refused_with_those_that_are() {
    let cloud = TestCloud::new().await;
    let document = cloud.call("", "GET /openapi.json", "").await.json();
    for (path, methods) in described(&document) {
        let path = path.replace("{form}", "millis").replace("{channel}", "1");
        let path = path.replace("{field}", "1").replace("{entry}", "1");
        let path = path.replace('{', "x").replace('}', "");
        for method in METHODS {
            let request = Request::builder().method(method).uri(&path).body(Body::empty());
            let answer = cloud.send(request.unwrap()).await;
            let status = answer.status.as_u16();
            if methods.contains(method) {
                assert!(status != 405 && status < 500, "{method} {path}: {status}");
                assert!(!answer.text.contains("There is nothing at"), "{method} {path}");
                continue;
            }
            assert_eq!(status, 405, "{method} {path}: {}", answer.text);
            let allowed = answer.header("allow").split(',').map(|one| one.trim().to_owned());
            let allowed: BTreeSet<String> = allowed.filter(|one| one != "HEAD").collect();
            assert_eq!(allowed, methods, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn what_is_not_described_is_another_form_of_what_is_or_is_only_refused() {
    let cloud = TestCloud::new().await;
    let document = cloud.call("", "GET /openapi.json", "").await.json();
    let described = described(&document);
    let asides = document["x-also-served"].as_array().unwrap();
    assert!(asides.len() >= 5, "{asides:?}");
    for path in asides.iter().map(|path| path.as_str().unwrap()) {
        assert!(!described.contains_key(path), "{path}");
        if !path.strip_suffix(".json").is_some_and(|path| described.contains_key(path)) {
            let path = path.replace('{', "x").replace('}', "");
            cloud.expect(&format!("GET {path}"), "", 501).await;
        }
    }
}

/// Runs schemathesis with this key; `more` goes to the end of its settings.
async fn nothing_is_found(
    key: impl FnOnce(&TestCloud, &coil_cloud::DeviceInfo) -> (String, String),
    arguments: &[&str],
) {
    let Ok(folder) = std::env::var("COIL_SCHEMATHESIS") else { return };
    let cloud = TestCloud::new().await;
    let device = cloud.cloud.ensure_device("one", DeviceKey::Random).await.unwrap();
    let (key, more) = key(&cloud, &device);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(cloud.cloud.clone().serve(listener, std::future::pending()));
    let settings = cloud.dir.path().join("schemathesis.toml");
    std::fs::write(&settings, include_str!("schemathesis.toml").to_owned() + &more).unwrap();
    let mut command = Command::new(format!("{folder}/bin/schemathesis"));
    command
        .args(["--no-color", "--config-file"])
        .arg(settings)
        .args(["run", &format!("http://{address}/openapi.json"), "--seed", "1", "--workers", "1"])
        .args(["--generation-database", "none", "--continue-on-failure"])
        .args(arguments)
        .current_dir(cloud.dir.path())
        .env("COIL_KEY", key)
        .env("COIL_DEVICE_KEY", &device.key);
    let run = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(run.status.success(), "{said}{}", String::from_utf8_lossy(&run.stderr));
    let tested = said.split("Tested: ").nth(1).and_then(|rest| rest.split_whitespace().next());
    let tested: usize = tested.and_then(|count| count.parse().ok()).unwrap_or_default();
    assert!(tested >= 90, "{said}");
}

#[tokio::test]
async fn with_a_master_key_schemathesis_finds_nothing() {
    // ThingSpeak's other forms say the same, and of its bulk updates the generator of this phase gives up; the fuzzing below has them.
    let arguments = [
        "--max-examples",
        "3",
        "--exclude-path-regex",
        r"^/channels.*(last|entry\}|bulk_update\.json|\.(xml|csv|txt))$",
    ];
    nothing_is_found(|cloud, _| (cloud.master.clone(), String::new()), &arguments).await;
}

#[tokio::test]
async fn with_a_device_key_schemathesis_finds_nothing() {
    // It asks for this device, and so gets further than the door; but it shall not remove it.
    let own = |_: &TestCloud, device: &coil_cloud::DeviceInfo| {
        let own =
            format!("\n[parameters]\n\"path.device\" = \"{}\"\n\"path.channel\" = 1\n", device.id);
        (device.key.clone(), own)
    };
    // What it asks systematically it has asked with the master key.
    let arguments = [
        "--phases",
        "fuzzing",
        "--max-examples",
        "5",
        "--exclude-operation-id",
        "delete_devices_device",
    ];
    nothing_is_found(own, &arguments).await;
}

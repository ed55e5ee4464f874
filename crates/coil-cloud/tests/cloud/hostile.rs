//! Requests that nobody means well by: each is answered, none breaks anything.

use axum::body::Body;
use axum::http::Request;
use coil_cloud::DeviceKey;

use crate::support::TestCloud;

const BODIES: &[&str] = &[
    "",
    "{}",
    "[]",
    "null",
    "0",
    "{\"value\":",
    "\u{0}",
    r#"{"value": {"value": {"value": []}}}"#,
    r#"{"value": 1e400}"#,
    r#"{"value": "'; DROP TABLE devices; --"}"#,
    r#"{"values": [[]], "streams": 5, "location": [], "targets": [], "permissions": {}}"#,
    r#"{"name": {"a": 1}, "visibility": [], "metadata": [], "tags": {"a": 1}, "serial": []}"#,
    r#"{"from": -1, "end": {}, "timestamp": [], "limit": -5, "interval": "x", "page": 1e99}"#,
    r#"{"name": "n", "visibility": "public", "permissions": ["GET"], "device": "../../etc"}"#,
];

const PATHS: &[&str] = &[
    "/",
    "//",
    "/%00",
    "/v2",
    "/v2/",
    "/v2//devices",
    "/v2/devices/serial",
    "/v2/devices/serial/",
    "/v2/devices/serial/%2e%2e%2f",
    "/v2/devices/~",
    "/v2/devices/%ff%fe",
    "/v2/devices/'%20OR%20'1'='1",
    "/v2/devices/{id}",
    "/v2/devices/{id}/streams/%00/value",
    "/v2/devices/{id}/streams/..%2f..%2fetc/value",
    "/v2/devices/{id}/streams/a/value",
    "/v2/devices/{id}/streams/a/values?limit=99999999999999999999",
    "/v2/devices/{id}/streams/a/values?start=9999-12-31T23:59:59Z&end=0001-01-01",
    "/v2/devices/{id}/streams/a/sampling?interval=0",
    "/v2/devices/{id}/streams/a/sampling?interval=99999999999999",
    "/v2/devices/{id}/updates",
    "/v2/devices/{id}/location",
    "/v2/devices/{id}/metadata",
    "/v2/devices?page=9223372036854775807&limit=100",
    "/v2/devices?sort=seq;--&dir=asc",
    "/v2/devices/search",
    "/v2/keys",
    "/v2/keys/x",
    "/v2/commands",
    "/v2/devices/{id}/triggers",
    "/v2/devices/{id}/triggers/%00/test",
    "/v2/distributions/none/triggers/x",
    "/coil/seats",
    "/coil/seats/..%2f/rotate",
    "/coil/readers/%ff",
    "/v2/collections",
    "/v2/charts",
    "/v2/charts/x.png?width=99999999999999999999",
    "/v2/charts/%00.svg?start=9999-12-31T23:59:59Z&end=0001-01-01",
    "/v2/distributions",
    "/v2/exports/..%2f..%2fcloud.db",
    "/update",
    "/update.json?api_key=%00&field1=%ff",
    "/channels/9223372036854775807/feeds.json",
    "/channels/1/feeds.xml?results=99999999999999999999&timezone=..%2f..%2fetc%2fpasswd",
    "/channels/1/fields/1.csv?start=-262143-01-01&days=9223372036854775807&average=10",
    "/channels/1/bulk_update.json",
    "/channels/1/bulk_update.csv?time_format=relative&updates=|||",
    "/json/..%2f..%2fetc/passwd",
    "/json/db/../../cloud.db",
    "/json/posts?_page=99999999999999999999&_limit=99999999999999999999",
    "/json/posts?_limit=-99999999999999999999&_start=-99999999999999999999",
    "/json/posts?_sort=a.b[0].c&_order=x",
    "/json/posts?a[b][c]=1&[]=2&=3&%=4",
    "/json/posts?title_like=(a%2B)%2B%24",
    "/json/posts/__proto__",
    "/json/__proto__/x",
    "/u/r/..%2f/x",
    "/external/api/update?token=&V1",
    "/devices/%00/datapoints",
];

#[tokio::test]
async fn every_request_is_answered_without_a_failure_of_ours() {
    let rows =
        r#"{"posts": [{"id": 1, "a": {"b": [{"c": 1}]}}, {"id": null}, {"x": 1}, 5, null, []]}"#;
    let cloud = TestCloud::with_db(rows).await;
    for path in PATHS {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "BREW"] {
            let device = cloud.cloud.ensure_device("one", DeviceKey::Random).await.unwrap();
            for body in BODIES {
                let request = Request::builder()
                    .method(method)
                    .uri(path.replace("{id}", &device.id))
                    .header("Host", "x\" onload=\"y")
                    .header("X-M2X-KEY", &cloud.master)
                    .header("THINGSPEAKAPIKEY", &device.key)
                    .header("Authorization", format!("Bearer {}", cloud.master))
                    .header("Content-Type", "application/json")
                    .body(Body::from(*body));
                let Ok(request) = request else { continue };
                let answer = cloud.send(request).await;
                let status = answer.status.as_u16();
                assert!(
                    status < 500 || status == 501,
                    "{status} {method} {path} {body}: {}",
                    answer.text
                );
            }
        }
    }
    let device = cloud.cloud.ensure_device("one", DeviceKey::Random).await.unwrap();
    cloud.expect(&format!("GET /v2/devices/{}", device.id), "", 200).await;
}

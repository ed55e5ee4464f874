//! M2X over MQTT: a request is a message to `m2x/<key>/requests`, its answer one to `m2x/<key>/responses`. What is asked is done by
//! the same router as over HTTP.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, header};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tower::ServiceExt as _;

use crate::app::Peer;
use crate::auth::KEY_HEADER;

/// Under which the cloud names itself in answers.
const HOST: &str = "api-m2x.att.com";
/// Bytes of an answer at most.
const ANSWER_MAX: usize = 256 * 1024;

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    method: Option<String>,
    #[serde(default)]
    resource: Option<String>,
    #[serde(default)]
    agent: Option<String>,
    #[serde(default)]
    body: Option<Value>,
}

/// Does what a message asks for, with this key; the answer.
pub(super) async fn answer(router: Router, peer: Peer, key: &str, message: &[u8]) -> Vec<u8> {
    let (id, outcome) = match serde_json::from_slice::<Asked>(message) {
        Err(error) => (Value::Null, Err(format!("The message is not a request in JSON: {error}"))),
        Ok(asked) => (asked.id.clone(), request(asked, peer, key)),
    };
    let mut answer = Map::new();
    answer.insert("id".to_owned(), id);
    match outcome {
        Err(why) => {
            answer.insert("status".to_owned(), 400.into());
            answer.insert("body".to_owned(), json!({ "message": why }));
        }
        Ok(request) => {
            let Ok(response) = router.oneshot(request).await;
            answer.insert("status".to_owned(), response.status().as_u16().into());
            let location = response.headers().get(header::LOCATION);
            if let Some(location) = location.and_then(|it| it.to_str().ok()) {
                answer.insert("location".to_owned(), location.into());
            }
            match to_bytes(response.into_body(), ANSWER_MAX).await {
                Ok(bytes) if bytes.is_empty() => {}
                Ok(bytes) => {
                    let text = || String::from_utf8_lossy(&bytes).into_owned().into();
                    let body = serde_json::from_slice(&bytes).unwrap_or_else(|_| text());
                    answer.insert("body".to_owned(), body);
                }
                Err(_) => {
                    answer.insert("status".to_owned(), 413.into());
                    let why =
                        format!("The answer is longer than {ANSWER_MAX} bytes; ask over HTTP");
                    answer.insert("body".to_owned(), json!({ "message": why }));
                }
            }
        }
    }
    Value::Object(answer).to_string().into_bytes()
}

fn request(asked: Asked, peer: Peer, key: &str) -> Result<Request<Body>, String> {
    let resource = asked.resource.ok_or("The request has no `resource`, such as `/v2/devices`")?;
    if !resource.starts_with("/v2/") {
        return Err(format!("`{resource}` is no resource: they begin with `/v2/`"));
    }
    let method = asked.method.unwrap_or_else(|| "GET".to_owned()).to_ascii_uppercase();
    let method: Method = method.parse().map_err(|_| format!("`{method}` is no method"))?;
    let mut request = Request::builder()
        .method(method)
        .uri(resource.as_str())
        .header(header::HOST, HOST)
        .header(KEY_HEADER, key)
        .header(header::CONTENT_TYPE, "application/json")
        .extension(peer);
    if let Some(agent) = asked.agent {
        request = request.header(header::USER_AGENT, agent);
    }
    let body = asked.body.filter(|body| !body.is_null()).map(|body| body.to_string());
    request
        .body(Body::from(body.unwrap_or_default()))
        .map_err(|_| format!("`{resource}` is no address of a resource"))
}

//! The other end: calls over HTTP, of a cloud by its host's commands, and of whom triggers call. It must not know what is asked.

use std::io;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Method, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tower::ServiceExt as _;

use crate::app::Cloud;
use crate::auth::KEY_HEADER;

/// How long a cloud has for an answer.
const TIME: Duration = Duration::from_secs(30);
/// Bytes of a cloud's answer at most.
const ANSWER: usize = 64 * 1024 * 1024;

/// Sends one request and reads its answer, of which no more than `limit` bytes; one that breaks off or is longer gives an empty body.
pub(crate) async fn exchange<I>(
    stream: I,
    request: Request<Body>,
    limit: usize,
) -> io::Result<(StatusCode, Bytes)>
where
    I: AsyncRead + AsyncWrite + Unpin + Send,
{
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
    let answered = async {
        let response = sender.send_request(request).await.map_err(io::Error::other)?;
        let status = response.status();
        let body = Limited::new(response.into_body(), limit).collect().await;
        Ok((status, body.map(http_body_util::Collected::to_bytes).unwrap_or_default()))
    };
    let mut answered = std::pin::pin!(answered);
    tokio::select! {
        answer = &mut answered => answer,
        // The connection ends, and what it brought is still there to be read.
        _ = connection => answered.await,
    }
}

/// Whoever holds a key of a cloud, which runs in this process or in another.
#[derive(Debug)]
pub struct Client {
    way: Way,
    key: String,
}

#[derive(Debug)]
enum Way {
    Here(Router),
    There(String),
}

/// Why a call of a cloud came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The cloud was not reached.
    #[error("the cloud was not reached: {0}")]
    Unreached(#[from] io::Error),
    /// The cloud refused, in its words.
    #[error("{0}")]
    Refused(String),
}

impl Client {
    /// One who holds the master key of a cloud of this process.
    #[must_use]
    pub fn of(cloud: &Cloud) -> Self {
        Self { way: Way::Here(cloud.router()), key: cloud.master_key() }
    }

    /// One who holds a key of the cloud at an address such as `http://127.0.0.1:8088`.
    #[must_use]
    pub fn at(url: &str, key: &str) -> Self {
        let authority = url.strip_prefix("http://").unwrap_or(url).trim_end_matches('/');
        Self { way: Way::There(authority.to_owned()), key: key.to_owned() }
    }

    /// Calls it: method, path, and what is said in JSON.
    ///
    /// # Errors
    /// It is not reached, or it refuses.
    pub async fn call(&self, method: &str, path: &str, said: &Value) -> Result<Value, ClientError> {
        let call = self.exchange(method, path, said);
        let late = |_| io::Error::from(io::ErrorKind::TimedOut);
        let (status, body) = tokio::time::timeout(TIME, call).await.map_err(late)??;
        let answer: Value = serde_json::from_slice(&body).unwrap_or_default();
        if status.is_success() {
            return Ok(answer);
        }
        let mut words = answer["message"].as_str().unwrap_or(status.as_str()).to_owned();
        for (field, codes) in answer["errors"].as_object().into_iter().flatten() {
            let codes = codes.as_array().into_iter().flatten().filter_map(Value::as_str);
            words.push_str(&format!("; `{field}` {}", codes.collect::<Vec<_>>().join(", ")));
        }
        Err(ClientError::Refused(words))
    }

    async fn exchange(
        &self,
        method: &str,
        path: &str,
        said: &Value,
    ) -> io::Result<(StatusCode, Bytes)> {
        let host = match &self.way {
            Way::Here(_) => "localhost",
            Way::There(authority) => authority,
        };
        let body = if said.is_null() { Body::empty() } else { Body::from(said.to_string()) };
        let request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).map_err(io::Error::other)?)
            .uri(path)
            .header(header::HOST, host)
            .header(KEY_HEADER, &self.key)
            .header(header::CONTENT_TYPE, "application/json")
            .body(body)
            .map_err(io::Error::other)?;
        match &self.way {
            Way::There(authority) => {
                exchange(TcpStream::connect(authority).await?, request, ANSWER).await
            }
            Way::Here(router) => {
                let Ok(response) = router.clone().oneshot(request).await;
                let status = response.status();
                let body = response.into_body().collect().await.map_err(io::Error::other)?;
                Ok((status, body.to_bytes()))
            }
        }
    }
}

//! How often a key may call. It must not know what for.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use axum::http::HeaderValue;
use axum::response::Response;

use crate::error::ApiError;

/// A bucket of calls for each key, refilled by the second.
#[derive(Debug)]
pub(crate) struct Rates {
    per_second: Option<u32>,
    buckets: Mutex<HashMap<i64, (f64, Instant)>>,
}

impl Rates {
    pub(crate) fn new(per_second: Option<u32>) -> Self {
        Self { per_second, buckets: Mutex::new(HashMap::new()) }
    }

    /// Takes one call of a key, or says when to come back.
    pub(crate) fn take(&self, key: i64) -> Result<(), ApiError> {
        let Some(rate) = self.per_second.map(|rate| f64::from(rate.max(1))) else { return Ok(()) };
        let now = Instant::now();
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let (left, since) = buckets.entry(key).or_insert((rate, now));
        *left = (*left + rate * now.duration_since(*since).as_secs_f64()).min(rate);
        *since = now;
        if *left < 1.0 {
            let _ = LEFT.try_with(|shown| shown.set(Some((rate, 0.0))));
            return Err(ApiError::too_many(1));
        }
        *left -= 1.0;
        // Where nobody shows it there is nothing to keep it in.
        let _ = LEFT.try_with(|shown| shown.set(Some((rate, *left))));
        Ok(())
    }
}

tokio::task_local! {
    /// What the key of the call under way may do a second, and what is left of that.
    static LEFT: Cell<Option<(f64, f64)>>;
}

/// Answers a call, with what is left to its key in the headers, where there is a bound.
pub(crate) async fn shown(call: impl Future<Output = Response>) -> Response {
    let with_left = async {
        let response = call.await;
        (response, LEFT.with(Cell::get))
    };
    let (mut response, left) = LEFT.scope(Cell::new(None), with_left).await;
    if let Some((rate, left)) = left {
        let headers = response.headers_mut();
        headers.insert("ratelimit-limit", HeaderValue::from(rate as u64));
        headers.insert("ratelimit-remaining", HeaderValue::from(left.max(0.0) as u64));
        headers.insert("ratelimit-reset", HeaderValue::from(1_u64));
    }
    response
}

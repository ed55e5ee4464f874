//! How often a key may call. It must not know what for.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

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
            return Err(ApiError::too_many(1));
        }
        *left -= 1.0;
        Ok(())
    }
}

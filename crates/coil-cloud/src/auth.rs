//! Who calls, and what that opens. It owns every decision about keys: known, in time, from the
//! right address, for this method and this thing; it must not know how keys are stored.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;

use crate::api::{Part, Said, Security};
use crate::app::{App, Peer};
use crate::error::ApiError;
use crate::ids;
use crate::store::devices::{self, Device, DeviceRef};
use crate::store::keys::{self, Key};
use crate::store::sql::Tx;
use crate::store::{collections, streams};
use crate::time::Stamp;

/// The header that carries a key.
pub(crate) const KEY_HEADER: &str = "x-m2x-key";
/// Longer keys than this are not looked up.
const KEY_BYTES: usize = 256;
/// How many keys are remembered between look-ups.
const CACHE: usize = 4096;

/// A caller with a key that is good for this method, at this time, from this address.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) key: Arc<Key>,
}

/// Keys by digest, as of a generation of the storage.
#[derive(Debug, Default)]
pub(crate) struct KeyCache(Mutex<(u64, HashMap<String, Arc<Key>>)>);

impl KeyCache {
    async fn find(&self, app: &App, token: &str) -> Result<Option<Arc<Key>>, ApiError> {
        let digest = ids::digest(token);
        let generation = app.store.key_generation();
        {
            let mut cache = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if cache.0 != generation || cache.1.len() >= CACHE {
                *cache = (generation, HashMap::new());
            }
            if let Some(key) = cache.1.get(&digest)
                && ids::same(&key.token, token)
            {
                return Ok(Some(Arc::clone(key)));
            }
        }
        let wanted = token.to_owned();
        let found = app.store.read(move |tx| Ok(keys::by_token(tx, &wanted)?)).await?;
        let Some(key) = found.map(Arc::new) else { return Ok(None) };
        let mut cache = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if cache.0 == generation && app.store.key_generation() == generation {
            cache.1.insert(digest, Arc::clone(&key));
        }
        Ok(Some(key))
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let header = parts.headers.get(KEY_HEADER).ok_or_else(|| {
            ApiError::unauthorized("No API key: send one in the header `X-M2X-KEY`")
        })?;
        let token = header.to_str().unwrap_or_default().trim();
        let peer = parts.extensions.get::<Peer>().copied().unwrap_or_default();
        Self::with_token(app, token, &parts.method, peer).await
    }
}

impl Part for Caller {
    fn say(said: &mut Said) {
        said.needs(Security::Key);
    }
}

impl Caller {
    /// The caller with this key, if it is good for this method, now, from there.
    pub(crate) async fn with_token(
        app: &App,
        token: &str,
        method: &Method,
        peer: Peer,
    ) -> Result<Self, ApiError> {
        let key = holder(app, token, peer).await?;
        allow(&key, method)?;
        app.rates.take(key.seq)?;
        Ok(Self { key })
    }
}

/// The key with this token, if it is good now, from there, for whatever it allows.
pub(crate) async fn holder(app: &App, token: &str, peer: Peer) -> Result<Arc<Key>, ApiError> {
    let key = if token.is_empty() || token.len() > KEY_BYTES {
        None
    } else {
        app.keys.find(app, token).await?
    };
    let key = key.ok_or_else(|| ApiError::unauthorized("This API key is not known here"))?;
    admit(&key, peer.address, Stamp::now())?;
    Ok(key)
}

/// Whether a key is good now, from here.
fn admit(key: &Key, from: Option<IpAddr>, now: Stamp) -> Result<(), ApiError> {
    if let Some(at) = key.expires_at.filter(|_| key.is_expired(now)) {
        return Err(ApiError::unauthorized(format!("This API key expired at {}", at.iso())));
    }
    if let Some(origin) = &key.origin
        && !origin_allows(origin, from)
    {
        return Err(ApiError::forbidden(format!(
            "This API key is only good from {origin}; the request came from {}",
            from.map_or_else(|| "an unknown address".to_owned(), |from| from.to_string())
        )));
    }
    Ok(())
}

/// Whether a key is good for this method.
fn allow(key: &Key, method: &Method) -> Result<(), ApiError> {
    let needed = if method == Method::HEAD { "GET" } else { method.as_str() };
    if !key.permissions.iter().any(|permission| permission == needed) {
        return Err(ApiError::forbidden(format!(
            "Your API key does not allow {needed} requests, only {}",
            key.permissions.join(", ")
        )));
    }
    Ok(())
}

/// Whether a list of addresses and networks (`10.0.0.0/8`) has this address in it.
fn origin_allows(origin: &str, from: Option<IpAddr>) -> bool {
    let Some(from) = from else { return false };
    origin.split([',', ' ']).filter(|item| !item.is_empty()).any(|item| {
        let (address, bits) = match item.split_once('/') {
            Some((address, bits)) => (address, bits.parse::<u32>().ok()),
            None => (item, Some(128)),
        };
        match (address.parse(), from, bits) {
            (Ok(IpAddr::V4(network)), IpAddr::V4(from), Some(bits)) => {
                let shift = 32 - bits.min(32);
                let differs = u32::from(network) ^ u32::from(from);
                differs.checked_shr(shift).unwrap_or(0) == 0
            }
            (Ok(IpAddr::V6(network)), IpAddr::V6(from), Some(bits)) => {
                let shift = 128 - bits.min(128);
                let differs = u128::from(network) ^ u128::from(from);
                differs.checked_shr(shift).unwrap_or(0) == 0
            }
            _ => false,
        }
    })
}

/// Checks that a text is a list of addresses and networks.
pub(crate) fn origin_is_valid(origin: &str) -> bool {
    origin.split([',', ' ']).filter(|item| !item.is_empty()).all(|item| {
        let (address, bits) = item.split_once('/').unwrap_or((item, "0"));
        address.parse::<IpAddr>().is_ok() && bits.parse::<u32>().is_ok_and(|bits| bits <= 128)
    })
}

impl Caller {
    /// Refuses all but master keys.
    pub(crate) fn master(&self) -> Result<(), ApiError> {
        if self.key.is_master() {
            return Ok(());
        }
        Err(ApiError::forbidden("This call needs a master key; yours is limited in scope"))
    }

    /// Whether answers show this caller the keys of what it reaches: only one that may do everything, always and from everywhere,
    /// gets keys that may do so. Another would be more by asking for them.
    pub(crate) fn sees_keys(&self) -> bool {
        let Key { permissions, expires_at, origin, .. } = &*self.key;
        let all = ["DELETE", "GET", "POST", "PUT"];
        let may_all = all.iter().all(|method| permissions.iter().any(|one| one == method));
        may_all && expires_at.is_none() && origin.is_none()
    }

    /// Refuses all but master keys that may do everything.
    pub(crate) fn key_master(&self) -> Result<(), ApiError> {
        self.master()?;
        if self.sees_keys() {
            return Ok(());
        }
        Err(ApiError::forbidden(
            "This call is about keys and needs a master key without limits; yours has fewer permissions, an end or an origin",
        ))
    }

    /// The device that a path names, if the key reaches it as a whole.
    pub(crate) fn device(&self, tx: &Tx, device: &DeviceRef) -> Result<Device, ApiError> {
        let device = self.reach(tx, device)?;
        if let Some(stream) = &self.key.stream {
            return Err(ApiError::forbidden(format!(
                "This API key is limited to the stream `{stream}`"
            )));
        }
        Ok(device)
    }

    /// The device that a path names, if the key reaches this stream of it.
    pub(crate) fn device_for_stream(
        &self,
        tx: &Tx,
        device: &DeviceRef,
        name: &str,
    ) -> Result<Device, ApiError> {
        let device = self.reach(tx, device)?;
        match &self.key.stream {
            Some(stream) if stream != name => Err(ApiError::forbidden(format!(
                "This API key is limited to the stream `{stream}`"
            ))),
            _ => Ok(device),
        }
    }

    /// The stream that a path names, with its device.
    pub(crate) fn stream(
        &self,
        tx: &Tx,
        device: &DeviceRef,
        name: &str,
    ) -> Result<(Device, streams::Stream), ApiError> {
        let device = self.device_for_stream(tx, device, name)?;
        let stream = streams::find(tx, device.seq, name)?;
        Ok((device, stream.ok_or_else(|| ApiError::missing("stream"))?))
    }

    fn reach(&self, tx: &Tx, device: &DeviceRef) -> Result<Device, ApiError> {
        let device = devices::find(tx, device)?.ok_or_else(|| ApiError::missing("device"))?;
        let key = &self.key;
        let reaches = if let Some(seq) = key.device {
            device.seq == seq
        } else if let Some(seq) = key.distribution {
            device.distribution == Some(seq)
        } else if let Some(seq) = key.collection {
            collections::reaches(tx, seq, device.seq)?
        } else {
            true
        };
        if !reaches {
            return Err(ApiError::forbidden(format!(
                "This API key does not belong to the device `{}`: take the key of this device",
                device.name
            )));
        }
        if device.status != "enabled" && !key.is_master() {
            return Err(ApiError::forbidden(format!("The device `{}` is disabled", device.name)));
        }
        Ok(device)
    }
}

#[cfg(test)]
mod tests {
    use super::{admit, allow, origin_allows, origin_is_valid};
    use crate::store::keys::{Key, KeyKind};
    use crate::time::Stamp;
    use axum::http::Method;

    #[test]
    fn an_origin_admits_its_addresses_and_networks_only() {
        for (origin, from, expected) in [
            ("192.168.4.2", "192.168.4.2", true),
            ("192.168.4.2", "192.168.4.3", false),
            ("10.0.0.0/8, 127.0.0.1", "10.200.3.4", true),
            ("10.0.0.0/8, 127.0.0.1", "127.0.0.1", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("0.0.0.0/0", "8.8.8.8", true),
            ("::/0", "8.8.8.8", false),
            ("2001:db8::/32", "2001:db8::1", true),
            ("10.0.0.0/x", "10.0.0.1", false),
        ] {
            assert_eq!(origin_allows(origin, from.parse().ok()), expected, "{origin} {from}");
        }
        assert!(!origin_allows("0.0.0.0/0", None));
        assert!(origin_is_valid("10.0.0.0/8,::1") && !origin_is_valid("everywhere"));
    }

    #[test]
    fn a_key_out_of_time_or_method_is_refused_in_words() {
        let mut key = Key::new(KeyKind::Issued, "projector", "t".into());
        key.permissions = vec!["GET".into()];
        let now = Stamp::from_micros(1_000_000);
        assert!(admit(&key, None, now).is_ok());
        assert!(allow(&key, &Method::GET).is_ok() && allow(&key, &Method::HEAD).is_ok());
        let refused = allow(&key, &Method::PUT).expect_err("read only");
        assert_eq!(refused.status(), 403);
        assert!(refused.words().contains("PUT"), "{refused}");
        key.expires_at = Some(now);
        let refused = admit(&key, None, now).expect_err("expired");
        assert!(refused.words().contains("1970-01-01T00:00:01.000Z"), "{refused}");
    }
}

//! What stations are called in the lab's own domain: `board0.workshop`. It knows no questions and no addresses.

use crate::frame::Mac;
use crate::guest::GuestSeat;
use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

/// The lab's domain. Nobody outside is asked for names in it.
const DOMAIN: &str = ".workshop";

/// Stations by their names.
#[derive(Debug, Default)]
pub(crate) struct Called(RwLock<BTreeMap<String, Mac>>);

/// A name without the domain, if it is in it.
fn label(name: &str) -> Option<String> {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name.strip_suffix(DOMAIN).map(str::to_owned)
}

/// Whether a name is in the lab's domain.
pub(crate) fn is_own(name: &str) -> bool {
    label(name).is_some()
}

impl Called {
    pub(crate) fn put(&self, mac: Mac, name: &str) {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, station| *station != mac);
        all.insert(name.to_ascii_lowercase(), mac);
    }

    /// The station with this name, a guest if no other is called so.
    pub(crate) fn find(&self, name: &str) -> Option<Mac> {
        let label = label(name)?;
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let guest = || GuestSeat::all().find(|seat| seat.name() == label).map(GuestSeat::mac);
        all.get(&label).copied().or_else(guest)
    }
}

//! Whose a hardware address is: programs may give a board's interfaces other ones than the factory did.

use crate::frame::Mac;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

/// The hardware addresses in use that are not the factory's. Cheap to clone; all clones know the same.
#[derive(Debug, Clone, Default)]
pub struct Owners(Arc<RwLock<BTreeMap<Mac, Used>>>);

/// What the interfaces of a board use.
#[derive(Debug, Clone, Copy, Default)]
struct Used {
    station: Option<Mac>,
    access_point: Option<Mac>,
}

impl Owners {
    /// The factory's address of the board that uses this one, or the same if that is nobody's but the factory's.
    pub fn factory_of(&self, used: Mac) -> Mac {
        let boards = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let is_of = |it: &Used| it.station == Some(used) || it.access_point == Some(used);
        boards.iter().find(|(_, it)| is_of(it)).map_or(used, |(factory, _)| *factory)
    }

    /// What the station interface of a board uses.
    pub(crate) fn used_by(&self, factory: Mac) -> Mac {
        let boards = self.0.read().unwrap_or_else(PoisonError::into_inner);
        boards.get(&factory).and_then(|it| it.station).unwrap_or(factory)
    }

    /// What the access point of a board uses, while it is on.
    pub(crate) fn access_point_of(&self, factory: Mac) -> Option<Mac> {
        let boards = self.0.read().unwrap_or_else(PoisonError::into_inner);
        boards.get(&factory).and_then(|it| it.access_point)
    }

    pub(crate) fn set_station(&self, factory: Mac, used: Mac) {
        self.change(factory, |it| it.station = Some(used).filter(|used| *used != factory));
    }

    pub(crate) fn set_access_point(&self, factory: Mac, used: Option<Mac>) {
        self.change(factory, |it| it.access_point = used);
    }

    pub(crate) fn forget(&self, factory: Mac) {
        self.change(factory, |it| *it = Used::default());
    }

    fn change(&self, factory: Mac, change: impl FnOnce(&mut Used)) {
        let mut boards = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let mut used = boards.remove(&factory).unwrap_or_default();
        change(&mut used);
        if used.station.is_some() || used.access_point.is_some() {
            boards.insert(factory, used);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_board_is_known_by_what_its_interfaces_use() {
        let owners = Owners::default();
        let [a, b, c, d] = [1, 2, 3, 4].map(|n| [2, 0, 0, 0, 0, n]);
        owners.set_station(a, b);
        owners.set_access_point(a, Some(c));
        assert_eq!([a, b, c, d].map(|used| owners.factory_of(used)), [a, a, a, d]);
        assert_eq!([a, b].map(|factory| owners.used_by(factory)), [b, b]);
        assert_eq!([a, b].map(|factory| owners.access_point_of(factory)), [Some(c), None]);
        owners.set_station(a, a);
        owners.set_access_point(a, None);
        assert_eq!([a, b, c].map(|used| owners.factory_of(used)), [a, b, c]);
        owners.set_station(a, b);
        owners.forget(a);
        assert_eq!(owners.factory_of(b), b);
    }
}

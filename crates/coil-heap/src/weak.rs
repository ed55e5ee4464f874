//! References that do not keep their object alive, and which of them have lost it.

use crate::value::Ref;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;

#[derive(Clone, Copy, Debug)]
struct Weak {
    target: Ref,
    /// The holder lives as long as its target does.
    strong: bool,
    /// Counts up: which of two was made first.
    number: u64,
}

/// The weak references of a heap, by the object that holds each.
#[derive(Debug, Default)]
pub(crate) struct WeakRefs {
    held: BTreeMap<Ref, Weak>,
    made: u64,
    /// Holders that have lost their target and were not told yet, the next one last.
    bereft: Vec<Ref>,
}

impl WeakRefs {
    pub(crate) fn add(&mut self, holder: Ref, target: Ref, strong: bool) {
        self.made += 1;
        self.held.insert(holder, Weak { target, strong, number: self.made });
    }

    pub(crate) fn target(&self, holder: Ref) -> Option<Ref> {
        self.held.get(&holder).map(|w| w.target)
    }

    pub(crate) fn remove(&mut self, holder: Ref) {
        self.held.remove(&holder);
    }

    /// Holders that a collection must not free.
    pub(crate) fn roots(&self) -> Vec<Ref> {
        let strong = self.held.iter().filter(|(_, w)| w.strong).map(|(h, _)| *h);
        strong.chain(self.bereft.iter().copied()).collect()
    }

    /// Lets go of all targets that are not alive. Of the holders that are, those that keep
    /// themselves alive are to be told first, and later ones before earlier ones.
    pub(crate) fn drop_dead(&mut self, alive: impl Fn(Ref) -> bool) {
        let mut lost = Vec::new();
        self.held.retain(|&holder, weak| {
            let keep = alive(weak.target);
            if !keep && alive(holder) {
                lost.push((weak.target, weak.strong, weak.number, holder));
            }
            keep
        });
        lost.sort_unstable();
        self.bereft.splice(0..0, lost.into_iter().map(|l| l.3));
    }

    /// Forgets the references whose holder is not alive.
    pub(crate) fn drop_holders(&mut self, alive: impl Fn(Ref) -> bool) {
        self.held.retain(|&holder, _| alive(holder));
    }

    pub(crate) fn take_bereft(&mut self) -> Option<Ref> {
        self.bereft.pop()
    }

    pub(crate) fn has_bereft(&self) -> bool {
        !self.bereft.is_empty()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.held.is_empty() && self.bereft.is_empty()
    }
}

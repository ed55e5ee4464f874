//! From a place in the pool to the object there: what addresses need.
//!
//! A run of blocks in use starts with an object, and objects stand in it without gaps, so the
//! object of a place is found by walking its run. The last places that were opened are kept as
//! windows, through which words are read and written at once; whatever could put another object
//! there closes them.

use crate::arena::{BLOCK_SHIFT, Heap};
use crate::value::Ref;

/// Bytes of an object that may be looked at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Window {
    /// Offset of the first byte.
    pub start: u32,
    /// How many bytes.
    pub len: u32,
    /// Whether they may be replaced.
    pub writable: bool,
}

/// How many windows there are.
pub const WINDOWS: usize = 2;

/// The windows that are open.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Windows {
    open: [Window; WINDOWS],
    next: usize,
}

impl Windows {
    /// The index of the first byte if all `n` of them are in a window.
    #[inline]
    fn find(&self, at: u32, n: u32, write: bool) -> Option<usize> {
        let fits = |w: &Window| {
            let inside = at.wrapping_sub(w.start);
            inside < w.len && w.len - inside >= n && (w.writable || !write)
        };
        (fits(&self.open[0]) || fits(&self.open[1])).then_some(at as usize)
    }
}

impl Heap {
    /// The object that has the byte at this offset, its header included.
    pub fn object_at(&self, offset: u32) -> Option<Ref> {
        let block = offset >> BLOCK_SHIFT;
        let (cursor, run_end) = self.free_run();
        if (cursor..run_end).contains(&offset) || !self.is_block_used(block) {
            return None;
        }
        let mut at = self.run_start(block) << BLOCK_SHIFT;
        // Block 0 is in use but holds no object.
        at = at.max(1 << BLOCK_SHIFT);
        while at <= offset {
            if at == cursor && cursor < run_end {
                at = run_end;
                continue;
            }
            let r = Ref::from_offset(at);
            let end = at + (self.header(r).blocks() << BLOCK_SHIFT);
            if offset < end {
                return Some(r);
            }
            at = end;
        }
        None
    }

    /// What is open to [`Heap::load`] and [`Heap::store`] until anything else happens to the heap.
    pub fn open_windows(&self) -> [Window; WINDOWS] {
        self.windows().open
    }

    /// Opens the bytes of a raw object to [`Heap::load`] and [`Heap::store`].
    pub fn open(&mut self, r: Ref, writable: bool) {
        let len = self.header(r).len();
        let windows = self.windows_mut();
        windows.open[windows.next] = Window { start: r.offset() + 8, len, writable };
        windows.next ^= 1;
    }

    /// `n` bytes (at most four) at an offset, little-endian, if they are open.
    #[inline]
    pub fn load(&self, at: u32, n: u32) -> Option<u32> {
        let at = self.windows().find(at, n, false)?;
        let bytes = self.all_bytes().get(at..at + n as usize)?;
        Some(match *bytes {
            [a] => u32::from(a),
            [a, b] => u32::from(u16::from_le_bytes([a, b])),
            [a, b, c, d] => u32::from_le_bytes([a, b, c, d]),
            _ => return None,
        })
    }

    /// Replaces `n` bytes (at most four) at an offset; false if they are not open to that.
    #[inline]
    pub fn store(&mut self, at: u32, n: u32, value: u32) -> bool {
        let Some(at) = self.windows().find(at, n, true) else { return false };
        let value = value.to_le_bytes();
        match self.all_bytes_mut().get_mut(at..at + n as usize) {
            Some([a]) => *a = value[0],
            Some([a, b]) => (*a, *b) = (value[0], value[1]),
            Some(bytes @ [_, _, _, _]) => bytes.copy_from_slice(&value),
            _ => return false,
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use crate::{Header, Heap, Kind, Value};
    use alloc::vec::Vec;

    #[test]
    fn every_byte_of_an_object_leads_to_it_and_no_other_place_does() {
        let mut heap = Heap::new(4096, 4096);
        let kinds = [Kind(1), Kind(130), Kind(192)];
        let all: Vec<_> = (0..12u32)
            .map(|i| heap.alloc(Header::new(kinds[i as usize % 3], 0, 0, i * 7)).expect("room"))
            .collect();
        for &r in &all {
            let size = heap.header(r).blocks() * 32;
            assert_eq!(heap.object_at(r.offset()), Some(r));
            assert_eq!(heap.object_at(r.offset() + size - 1), Some(r));
        }
        assert_eq!(heap.object_at(0), None);
        let last = all[11];
        assert_eq!(heap.object_at(last.offset() + heap.header(last).blocks() * 32), None);
        assert_eq!(heap.object_at(u32::MAX), None);
        heap.begin_collect();
        for r in all.iter().step_by(2) {
            heap.mark(Value::from(*r));
        }
        heap.finish_collect();
        for (i, &r) in all.iter().enumerate() {
            assert_eq!(heap.object_at(r.offset()), (i % 2 == 0).then_some(r));
        }
    }

    #[test]
    fn a_window_ends_where_the_object_does_and_closes_with_a_collection() {
        let mut heap = Heap::new(4096, 4096);
        let r = heap.alloc(Header::new(Kind(130), 0, 0, 6)).expect("room");
        heap.bytes_mut(r).copy_from_slice(&[1, 2, 3, 4, 5, 6]);
        let at = r.offset() + 8;
        assert_eq!(heap.load(at, 1), None);
        heap.open(r, false);
        assert_eq!(heap.load(at, 4), Some(0x0403_0201));
        assert_eq!(heap.load(at + 4, 2), Some(0x0605));
        assert_eq!(heap.load(at + 4, 4), None);
        assert_eq!(heap.load(at + 6, 1), None);
        assert_eq!(heap.load(at - 1, 1), None);
        assert!(!heap.store(at, 1, 9));
        heap.open(r, true);
        assert!(heap.store(at + 2, 4, 0xa1b2_c3d4));
        assert_eq!(heap.bytes(r), [1, 2, 0xd4, 0xc3, 0xb2, 0xa1]);
        heap.begin_collect();
        assert_eq!(heap.load(at, 1), None);
    }
}

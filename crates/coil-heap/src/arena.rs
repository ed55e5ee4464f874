//! One contiguous pool of blocks, a bitmap of what is in use, and a mark-sweep collector.
//!
//! Allocation bumps through runs of free blocks; what a collection marked *is* the new bitmap of
//! used blocks, so there is no sweep. Objects never move. The pool has the board's size: when it is
//! full after a collection, memory is over, exactly as on the device.

use crate::bitmap::Bitmap;
use crate::header::{Header, Kind};
use crate::locate::Windows;
use crate::value::{Ref, Value};
use crate::weak::WeakRefs;
use alloc::vec;
use alloc::vec::Vec;

/// Words in a block.
const BLOCK_WORDS: u32 = 4;
/// Log2 of a block's bytes on the host.
pub(crate) const BLOCK_SHIFT: u32 = 5;
/// Bytes that a block stands for on the device.
const DEVICE_BLOCK: u32 = 16;

/// The pool has no run of blocks that is long enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfMemory;

/// What the pool holds, in device bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Stats {
    /// Size of the pool as it is now.
    pub total: u32,
    /// Size to which the pool may still grow.
    pub max: u32,
    /// Bytes in use.
    pub used: u32,
    /// Bytes free.
    pub free: u32,
    /// Longest free run, in blocks.
    pub largest_free_blocks: u32,
    /// Collections so far.
    pub collections: u32,
}

/// The memory of one board.
#[derive(Debug)]
pub struct Heap {
    words: Vec<u64>,
    used: Bitmap,
    marks: Bitmap,
    /// The run that small objects are cut from: byte offsets. Its blocks count as used.
    cursor: u32,
    run_end: u32,
    /// Blocks in the pool now, and at most.
    limit: u32,
    max: u32,
    /// A run before the cursor was freed since the last scan started.
    freed_behind: bool,
    mark_stack: Vec<Ref>,
    finalisers: Vec<Ref>,
    doomed: Vec<Ref>,
    weak: WeakRefs,
    collections: u32,
    allocated_since: u32,
    windows: Windows,
}

impl Heap {
    /// A pool of `initial` device bytes that can grow to `max`.
    pub fn new(initial: u32, max: u32) -> Self {
        let limit = (initial / DEVICE_BLOCK).max(16);
        let max = (max / DEVICE_BLOCK).max(limit);
        let mut used = Bitmap::new(max);
        // Block 0 is never handed out: offset zero means "no value".
        used.set_range(0, 1);
        Self {
            words: vec![0; (max * BLOCK_WORDS) as usize],
            used,
            marks: Bitmap::new(max),
            cursor: 0,
            run_end: 0,
            limit,
            max,
            freed_behind: false,
            mark_stack: Vec::new(),
            finalisers: Vec::new(),
            doomed: Vec::new(),
            weak: WeakRefs::default(),
            collections: 0,
            allocated_since: 0,
            windows: Windows::default(),
        }
    }

    /// Makes an object, all of its values null or its bytes unspecified.
    #[inline(always)]
    pub fn alloc(&mut self, header: Header) -> Result<Ref, OutOfMemory> {
        let bytes = header.blocks() << BLOCK_SHIFT;
        let at = self.cursor;
        if self.run_end - at >= bytes {
            self.cursor = at + bytes;
        } else {
            return self.alloc_slow(header);
        }
        Ok(self.install(at, header))
    }

    #[inline(always)]
    fn install(&mut self, at: u32, header: Header) -> Ref {
        let w = (at >> 3) as usize;
        self.words[w] = header.0;
        if header.kind().holds_values() {
            self.words[w + 1..w + 1 + header.len() as usize].fill(0);
        }
        Ref::from_offset(at)
    }

    #[cold]
    #[inline(never)]
    fn alloc_slow(&mut self, header: Header) -> Result<Ref, OutOfMemory> {
        let blocks = header.blocks();
        if blocks >= self.limit {
            return Err(OutOfMemory);
        }
        let remaining = (self.run_end - self.cursor) >> BLOCK_SHIFT;
        if blocks > 8 || remaining > 8 {
            // Keep the run for small objects; look further on for this one.
            if let Some(at) = self.find_run(self.run_end >> BLOCK_SHIFT, blocks) {
                self.used.set_range(at, blocks);
                self.allocated_since += blocks;
                return Ok(self.install(at << BLOCK_SHIFT, header));
            }
        }
        self.retire_run();
        let mut from = self.run_end >> BLOCK_SHIFT;
        loop {
            if let Some(start) = self.find_run(from, blocks) {
                let end = self.used.first_set(start, self.limit);
                self.used.set_range(start, end - start);
                self.allocated_since += end - start;
                self.cursor = (start + blocks) << BLOCK_SHIFT;
                self.run_end = end << BLOCK_SHIFT;
                return Ok(self.install(start << BLOCK_SHIFT, header));
            }
            if !self.freed_behind {
                return Err(OutOfMemory);
            }
            self.freed_behind = false;
            from = 0;
        }
    }

    fn find_run(&self, mut from: u32, blocks: u32) -> Option<u32> {
        loop {
            let start = self.used.first_clear(from, self.limit)?;
            let end = self.used.first_set(start, self.limit.min(start.saturating_add(blocks)));
            if end - start >= blocks {
                return Some(start);
            }
            if end >= self.limit {
                return None;
            }
            from = end;
        }
    }

    /// Gives back what is left of the current run.
    fn retire_run(&mut self) {
        let left = (self.run_end - self.cursor) >> BLOCK_SHIFT;
        if left > 0 {
            self.used.clear_range(self.cursor >> BLOCK_SHIFT, left);
            self.freed_behind = true;
        }
        self.cursor = self.run_end;
    }

    /// Gives an object's blocks back at once. Nobody may refer to it any more.
    pub fn free(&mut self, r: Ref) {
        self.windows = Windows::default();
        let blocks = self.header(r).blocks();
        let end = r.offset() + (blocks << BLOCK_SHIFT);
        if end == self.cursor {
            self.cursor = r.offset();
        } else {
            self.used.clear_range(r.offset() >> BLOCK_SHIFT, blocks);
            self.freed_behind = true;
        }
    }

    /// Makes an object longer or shorter where it stands; false if the blocks behind it are taken.
    /// New values are null.
    pub fn resize_in_place(&mut self, r: Ref, len: u32) -> bool {
        self.windows = Windows::default();
        let old = self.header(r);
        let new = Header::new(old.kind(), old.flags(), old.aux(), len);
        let (have, want) = (old.blocks(), new.blocks());
        let end = r.offset() + (have << BLOCK_SHIFT);
        if want > have {
            let more = want - have;
            if end == self.cursor && (self.run_end - end) >> BLOCK_SHIFT >= more {
                self.cursor += more << BLOCK_SHIFT;
            } else {
                let first = end >> BLOCK_SHIFT;
                if first + more > self.limit
                    || self.used.first_set(first, first + more) < first + more
                {
                    return false;
                }
                self.used.set_range(first, more);
                self.allocated_since += more;
            }
        } else if want < have {
            let less = have - want;
            if end == self.cursor {
                self.cursor -= less << BLOCK_SHIFT;
            } else {
                self.used.clear_range((end >> BLOCK_SHIFT) - less, less);
                self.freed_behind = true;
            }
        }
        self.words[r.word()] = new.0;
        if old.kind().holds_values() && len > old.len() {
            let w = r.word() + 1;
            self.words[w + old.len() as usize..w + len as usize].fill(0);
        }
        true
    }

    /// Size to which the pool may grow, in device bytes.
    pub fn max_bytes(&self) -> u32 {
        self.max * DEVICE_BLOCK
    }

    /// Lets the pool grow to its largest size; false if it has it already.
    pub fn grow(&mut self) -> bool {
        let grown = self.limit < self.max;
        self.limit = self.max;
        grown
    }

    /// The object's header.
    #[inline(always)]
    pub fn header(&self, r: Ref) -> Header {
        Header(self.words[r.word()])
    }

    /// Replaces flags and aux of an object's header.
    #[inline]
    pub fn set_header(&mut self, r: Ref, header: Header) {
        debug_assert_eq!(self.header(r).len(), header.len());
        self.words[r.word()] = header.0;
    }

    /// The object's kind.
    #[inline(always)]
    pub fn kind(&self, r: Ref) -> Kind {
        self.header(r).kind()
    }

    /// How many values or bytes the object has.
    #[inline(always)]
    pub fn len(&self, r: Ref) -> usize {
        self.header(r).len() as usize
    }

    /// A value of an object.
    #[inline(always)]
    pub fn get(&self, r: Ref, i: usize) -> Value {
        Value::from_bits(self.words[r.word() + 1 + i])
    }

    /// The first values of an object that has as many, to be read with one check.
    #[inline(always)]
    pub fn fields<const N: usize>(&self, r: Ref) -> &[u64; N] {
        let w = r.word() + 1;
        self.words[w..].first_chunk().expect("an object stands inside the pool with all its words")
    }

    /// Replaces a value of an object.
    #[inline(always)]
    pub fn set(&mut self, r: Ref, i: usize, v: Value) {
        self.words[r.word() + 1 + i] = v.bits();
    }

    /// All words behind the header of an object of values.
    #[inline]
    pub fn slots(&self, r: Ref) -> &[u64] {
        let w = r.word() + 1;
        &self.words[w..w + self.len(r)]
    }

    /// All words behind the header of an object of values, to change.
    #[inline]
    pub fn slots_mut(&mut self, r: Ref) -> &mut [u64] {
        let (w, n) = (r.word() + 1, self.len(r));
        &mut self.words[w..w + n]
    }

    /// Copies values from one object to another (or within one).
    pub fn copy_values(&mut self, from: Ref, at: usize, to: Ref, to_at: usize, n: usize) {
        let (f, t) = (from.word() + 1 + at, to.word() + 1 + to_at);
        self.words.copy_within(f..f + n, t);
    }

    /// The bytes of a raw object.
    #[inline]
    pub fn bytes(&self, r: Ref) -> &[u8] {
        let w = r.word() + 1;
        let n = self.len(r);
        &bytemuck::cast_slice(&self.words[w..w + n.div_ceil(8)])[..n]
    }

    /// The words of a raw object. What stands in the last one behind the object's bytes is up to
    /// whoever made it.
    #[inline]
    pub fn raw_words(&self, r: Ref) -> &[u64] {
        let w = r.word() + 1;
        &self.words[w..w + self.len(r).div_ceil(8)]
    }

    /// The bytes of a raw object, to change.
    #[inline]
    pub fn bytes_mut(&mut self, r: Ref) -> &mut [u8] {
        let w = r.word() + 1;
        let n = self.len(r);
        &mut bytemuck::cast_slice_mut(&mut self.words[w..w + n.div_ceil(8)])[..n]
    }

    /// Copies bytes between raw objects (or within one).
    pub fn copy_bytes(&mut self, from: Ref, at: usize, to: Ref, to_at: usize, n: usize) {
        assert!(at + n <= self.len(from) && to_at + n <= self.len(to), "copy inside both objects");
        let (f, t) = ((from.word() + 1) * 8 + at, (to.word() + 1) * 8 + to_at);
        bytemuck::cast_slice_mut::<u64, u8>(&mut self.words).copy_within(f..f + n, t);
    }

    /// Four bytes at an offset that is a multiple of four.
    pub fn word_at(&self, offset: u32) -> u32 {
        let word = self.words[(offset >> 3) as usize];
        (word >> ((offset & 4) * 8)) as u32
    }

    /// Bytes of the pool on the host, whatever of it may be handed out now.
    pub fn host_bytes(&self) -> usize {
        self.words.len() * 8
    }

    /// Where the pool starts; it stays there as long as the heap lives.
    pub fn base(&mut self) -> *mut u64 {
        self.words.as_mut_ptr()
    }

    /// Remembers that an object has something to do when it becomes garbage.
    pub fn add_finaliser(&mut self, r: Ref) {
        self.finalisers.push(r);
    }

    /// An object that became garbage and still has its finaliser to run. It stays alive until the
    /// next collection.
    pub fn take_doomed(&mut self) -> Option<Ref> {
        self.doomed.pop()
    }

    /// Whether finalisers wait.
    pub fn has_doomed(&self) -> bool {
        !self.doomed.is_empty()
    }

    /// Makes an object hold another one without keeping it alive; a strong holder lives itself as
    /// long as that does.
    pub fn hold_weakly(&mut self, holder: Ref, target: Ref, strong: bool) {
        self.weak.add(holder, target, strong);
    }

    /// What an object holds weakly, while that is alive.
    pub fn held_weakly(&self, holder: Ref) -> Option<Ref> {
        self.weak.target(holder)
    }

    /// Lets go of what an object holds weakly.
    pub fn let_go(&mut self, holder: Ref) {
        self.weak.remove(holder);
    }

    /// An object that has lost what it held weakly, to be told so.
    pub fn take_bereft(&mut self) -> Option<Ref> {
        self.weak.take_bereft()
    }

    /// Whether such objects wait.
    pub fn has_bereft(&self) -> bool {
        self.weak.has_bereft()
    }

    /// Starts a collection: everything is unmarked.
    pub fn begin_collect(&mut self) {
        self.windows = Windows::default();
        self.retire_run();
        self.marks.clear();
        self.marks.set_range(0, 1);
        self.mark_stack.clear();
        self.collections += 1;
    }

    /// Marks what a root refers to, and all that can be reached from there.
    #[inline]
    pub fn mark(&mut self, v: Value) {
        if let Some(r) = v.as_ref() {
            self.mark_ref(r);
            while let Some(r) = self.mark_stack.pop() {
                self.mark_inside(r);
            }
        }
    }

    #[inline]
    fn mark_ref(&mut self, r: Ref) {
        let block = r.offset() >> BLOCK_SHIFT;
        if self.marks.get(block) {
            return;
        }
        let header = self.header(r);
        self.marks.set_range(block, header.blocks());
        if header.kind().holds_values() && !header.is_empty() {
            self.mark_stack.push(r);
        }
    }

    fn mark_inside(&mut self, r: Ref) {
        let w = r.word() + 1;
        for i in w..w + self.len(r) {
            if let Some(inner) = Value::from_bits(self.words[i]).as_ref() {
                self.mark_ref(inner);
            }
        }
    }

    /// Ends a collection: what is not marked is free.
    pub fn finish_collect(&mut self) {
        let weak = core::mem::take(&mut self.weak);
        self.weak = self.settle_weak(weak);
        let mut i = 0;
        while i < self.finalisers.len() {
            if self.is_marked(self.finalisers[i]) {
                i += 1;
            } else {
                let r = self.finalisers.swap_remove(i);
                self.doomed.push(r);
            }
        }
        for i in 0..self.doomed.len() {
            let r = self.doomed[i];
            self.mark(r.into());
        }
        let marks = &self.marks;
        self.weak.drop_holders(|r| marks.get(r.offset() >> BLOCK_SHIFT));
        core::mem::swap(&mut self.used, &mut self.marks);
        self.cursor = 0;
        self.run_end = 0;
        self.freed_behind = false;
        self.allocated_since = 0;
    }

    /// Decides which targets are dead, before finalisers keep some alive a while longer.
    fn settle_weak(&mut self, mut weak: WeakRefs) -> WeakRefs {
        if !weak.is_empty() {
            for holder in weak.roots() {
                self.mark(holder.into());
            }
            weak.drop_dead(|r| self.is_marked(r));
        }
        weak
    }

    /// Whether the running collection has reached an object.
    pub fn is_marked(&self, r: Ref) -> bool {
        self.marks.get(r.offset() >> BLOCK_SHIFT)
    }

    /// Whether an object was still in use after the last collection or since.
    pub fn is_used(&self, r: Ref) -> bool {
        self.used.get(r.offset() >> BLOCK_SHIFT)
    }

    /// Device bytes handed out since the last collection, to the precision of a run.
    pub fn allocated_since_collect(&self) -> u32 {
        (self.allocated_since - ((self.run_end - self.cursor) >> BLOCK_SHIFT)) * DEVICE_BLOCK
    }

    /// Which places are open to loads and stores.
    #[inline(always)]
    pub(crate) fn windows(&self) -> &Windows {
        &self.windows
    }

    pub(crate) fn windows_mut(&mut self) -> &mut Windows {
        &mut self.windows
    }

    /// Offsets between which nothing has been handed out, though its blocks count as used.
    pub(crate) fn free_run(&self) -> (u32, u32) {
        (self.cursor, self.run_end)
    }

    pub(crate) fn is_block_used(&self, block: u32) -> bool {
        block < self.limit && self.used.get(block)
    }

    /// The first block of the used ones in a row up to this one.
    pub(crate) fn run_start(&self, block: u32) -> u32 {
        self.used.last_clear(block).map_or(0, |clear| clear + 1)
    }

    /// The whole pool as bytes.
    #[inline(always)]
    pub(crate) fn all_bytes(&self) -> &[u8] {
        bytemuck::cast_slice(&self.words)
    }

    /// The whole pool as bytes, to change.
    #[inline(always)]
    pub(crate) fn all_bytes_mut(&mut self) -> &mut [u8] {
        bytemuck::cast_slice_mut(&mut self.words)
    }

    /// What the pool holds.
    pub fn stats(&self) -> Stats {
        let pending = (self.run_end - self.cursor) >> BLOCK_SHIFT;
        let used = self.used.count(self.limit) - pending;
        let mut largest = pending;
        let mut at = 0;
        while let Some(start) = self.used.first_clear(at, self.limit) {
            let end = self.used.first_set(start, self.limit);
            largest = largest.max(end - start);
            at = end;
        }
        Stats {
            total: self.limit * DEVICE_BLOCK,
            max: self.max * DEVICE_BLOCK,
            used: used * DEVICE_BLOCK,
            free: (self.limit - used) * DEVICE_BLOCK,
            largest_free_blocks: largest,
            collections: self.collections,
        }
    }
}

#[cfg(test)]
mod tests;

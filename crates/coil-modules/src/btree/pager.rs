//! The pages of a database in its stream. Some of them are kept in the board's memory, and written
//! when others need their place or when the program asks for it.

use super::page::{self, META_LEN, Meta};
use crate::stream;
use alloc::vec;
use alloc::vec::Vec;
use coil_vm::{Raised, Value, Vm, kinds};

/// As many pages are kept at least.
const CACHED_MIN: usize = 5;
/// Where offsets are counted from: the start, the end.
const FROM_START: i64 = 0;
const FROM_END: i64 = 2;

const EIO: i64 = 5;
const EINVAL: i64 = 22;

/// A page in the board's memory; its bytes are in the list of kept pages, at the same index.
#[derive(Clone, Copy, Debug)]
struct Kept {
    number: u32,
    changed: bool,
    used: u64,
}

/// The pages of one database.
#[derive(Debug)]
pub(super) struct Pager {
    /// What page 0 says.
    pub(super) meta: Meta,
    meta_changed: bool,
    /// How many pages there are.
    pages: u32,
    kept: Vec<Kept>,
    kept_max: usize,
    tick: u64,
    /// The stream, and the list of kept pages; both are held by the database object.
    stream: Value,
    store: Value,
}

impl Pager {
    /// Reads what a stream holds from its start on; a stream without a byte becomes a database
    /// with pages of a length.
    pub(super) fn open(
        vm: &mut Vm,
        stream: Value,
        store: Value,
        page_len: usize,
        cache_len: usize,
    ) -> Result<(Self, bool), Raised> {
        let head = read_full(vm, stream, META_LEN)?;
        let is_new = head.is_empty();
        let meta = if is_new {
            Meta { page_len, free: 0 }
        } else if let Some(meta) = Meta::parse(&head) {
            meta
        } else {
            return Err(vm.os_error(EINVAL));
        };
        let len = stream::seek(vm, stream, 0, FROM_END)?;
        let pages = u32::try_from(len / meta.page_len as i64).unwrap_or(0);
        let mut pager = Self {
            meta,
            meta_changed: is_new,
            pages,
            kept: Vec::new(),
            kept_max: (cache_len / meta.page_len).max(CACHED_MIN),
            tick: 0,
            stream,
            store,
        };
        if is_new || pages <= page::ROOT {
            // Page 0 is written when everything is.
            pager.pages = page::ROOT + 1;
            pager.meta_changed = true;
        }
        Ok((pager, is_new || pages <= page::ROOT))
    }

    /// Bytes of a page.
    pub(super) fn page_len(&self) -> usize {
        self.meta.page_len
    }

    /// How many pages there are: no chain of them is longer.
    pub(super) fn count(&self) -> u32 {
        self.pages
    }

    /// OSError of a file that is not what it should be.
    pub(super) fn broken(vm: &mut Vm) -> Raised {
        vm.os_error(EINVAL)
    }

    /// A page's bytes.
    pub(super) fn load(&mut self, vm: &mut Vm, number: u32) -> Result<Vec<u8>, Raised> {
        if number == page::META || number >= self.pages {
            return Err(Self::broken(vm));
        }
        self.tick += 1;
        if let Some(i) = self.kept.iter().position(|k| k.number == number) {
            self.kept[i].used = self.tick;
            return self.bytes(vm, i);
        }
        self.go_to(vm, number)?;
        let bytes = read_full(vm, self.stream, self.page_len())?;
        if bytes.len() != self.page_len() {
            return Err(Self::broken(vm));
        }
        self.keep(vm, number, &bytes, false)?;
        Ok(bytes)
    }

    /// Replaces a page's bytes.
    pub(super) fn save(&mut self, vm: &mut Vm, number: u32, bytes: &[u8]) -> Result<(), Raised> {
        self.tick += 1;
        match self.kept.iter().position(|k| k.number == number) {
            Some(i) => {
                self.kept[i].used = self.tick;
                self.kept[i].changed = true;
                self.fill(vm, i, bytes)
            }
            None => self.keep(vm, number, bytes, true),
        }
    }

    /// A page that nobody uses.
    pub(super) fn take(&mut self, vm: &mut Vm) -> Result<u32, Raised> {
        let free = self.meta.free;
        if free == 0 {
            let number = self.pages;
            self.pages += 1;
            return Ok(number);
        }
        let next = page::parse_free(&self.load(vm, free)?);
        match next {
            Some(next) if free != page::ROOT && next < self.pages => {
                self.meta.free = next;
                self.meta_changed = true;
                Ok(free)
            }
            _ => Err(Self::broken(vm)),
        }
    }

    /// Nobody uses a page any more.
    pub(super) fn give(&mut self, vm: &mut Vm, number: u32) -> Result<(), Raised> {
        let bytes = page::encode_free(number, self.meta.free, self.page_len());
        self.save(vm, number, &bytes)?;
        self.meta.free = number;
        self.meta_changed = true;
        Ok(())
    }

    /// Writes all that was changed, page 0 first.
    pub(super) fn sync(&mut self, vm: &mut Vm) -> Result<(), Raised> {
        if self.meta_changed {
            let bytes = self.meta.encode();
            self.write(vm, page::META, &bytes)?;
            self.meta_changed = false;
        }
        let mut order: Vec<usize> = (0..self.kept.len()).collect();
        order.sort_by_key(|&i| self.kept[i].number);
        for i in order {
            self.write_kept(vm, i)?;
        }
        stream::flush(vm, self.stream)
    }

    fn write_kept(&mut self, vm: &mut Vm, i: usize) -> Result<(), Raised> {
        if self.kept[i].changed {
            let bytes = self.bytes(vm, i)?;
            self.write(vm, self.kept[i].number, &bytes)?;
            self.kept[i].changed = false;
        }
        Ok(())
    }

    fn write(&mut self, vm: &mut Vm, number: u32, bytes: &[u8]) -> Result<(), Raised> {
        self.go_to(vm, number)?;
        let mut rest = bytes;
        while !rest.is_empty() {
            match stream::write(vm, self.stream, rest)? {
                None | Some(0) => return Err(vm.os_error(EIO)),
                Some(n) => rest = &rest[n..],
            }
        }
        Ok(())
    }

    fn go_to(&self, vm: &mut Vm, number: u32) -> Result<(), Raised> {
        let at = i64::from(number) * self.page_len() as i64;
        if stream::seek(vm, self.stream, at, FROM_START)? == at {
            Ok(())
        } else {
            Err(vm.os_error(EIO))
        }
    }

    /// Puts a page among the kept ones, in the place of the one that was not used for longest.
    fn keep(
        &mut self,
        vm: &mut Vm,
        number: u32,
        bytes: &[u8],
        changed: bool,
    ) -> Result<(), Raised> {
        let Some(list) = vm.as_list(self.store) else { return Err(vm.os_error(EIO)) };
        let entry = Kept { number, changed, used: self.tick };
        if self.kept.len() < self.kept_max {
            let mark = vm.mark();
            let page = vm.alloc_bytes(kinds::STORE, 0, bytes)?;
            vm.list_append(list, page.into())?;
            vm.release(mark);
            self.kept.push(entry);
            return Ok(());
        }
        let oldest = self.kept.iter().enumerate().min_by_key(|(_, k)| k.used).map(|(i, _)| i);
        let Some(i) = oldest else { return Err(vm.os_error(EIO)) };
        self.write_kept(vm, i)?;
        self.kept[i] = entry;
        self.fill(vm, i, bytes)
    }

    fn bytes(&self, vm: &mut Vm, i: usize) -> Result<Vec<u8>, Raised> {
        match self.place(vm, i) {
            Some(r) => Ok(vm.heap.bytes(r).to_vec()),
            None => Err(vm.os_error(EIO)),
        }
    }

    fn fill(&self, vm: &mut Vm, i: usize, bytes: &[u8]) -> Result<(), Raised> {
        match self.place(vm, i) {
            Some(r) if vm.heap.len(r) == bytes.len() => {
                vm.heap.bytes_mut(r).copy_from_slice(bytes);
                Ok(())
            }
            _ => Err(vm.os_error(EIO)),
        }
    }

    fn place(&self, vm: &Vm, i: usize) -> Option<coil_vm::Ref> {
        let list = vm.as_list(self.store).filter(|&l| i < vm.list_len(l))?;
        vm.as_ref_kind(vm.list_item(list, i), kinds::STORE)
    }
}

/// Reads so many bytes, or what there is until the stream ends.
fn read_full(vm: &mut Vm, stream: Value, n: usize) -> Result<Vec<u8>, Raised> {
    let mut all = vec![];
    while all.len() < n {
        match stream::read(vm, stream, n - all.len())? {
            Some(part) if !part.is_empty() => all.extend_from_slice(&part),
            _ => break,
        }
    }
    Ok(all)
}

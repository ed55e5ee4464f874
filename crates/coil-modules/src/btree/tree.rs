//! The tree: finding, putting and deleting keys, in pages that may hold anything.

use super::page::{self, Field, HEAD, Item, META, Node, Payload, ROOT};
use super::pager::Pager;
use alloc::vec;
use alloc::vec::Vec;
use coil_vm::{Raised, Value, Vm, types};

/// Levels of a tree at most, as in the reference.
const DEPTH_MAX: usize = 50;

/// A database.
#[derive(Debug)]
pub(super) struct Tree {
    pager: Pager,
    /// Keys and values of more bytes go to overflow pages.
    inline_max: usize,
}

/// Where a pair is: its leaf and its place there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    leaf: u32,
    at: usize,
}

/// The way from the root to a leaf: inner pages and the child taken there.
type Way = Vec<(u32, Node, usize)>;

impl Tree {
    /// Opens what a stream holds; see [`Pager::open`]. `per_page` pairs fit a page at least.
    pub(super) fn open(
        vm: &mut Vm,
        stream: Value,
        store: Value,
        page_len: usize,
        cache_len: usize,
        per_page: usize,
    ) -> Result<Self, Raised> {
        let (mut pager, is_new) = Pager::open(vm, stream, store, page_len, cache_len)?;
        let share = (pager.page_len() - HEAD) / per_page;
        let least = page::leaf_item_len(page::BIG_LEN, page::BIG_LEN) + 2;
        let inline_max = share.saturating_sub(2 + page::leaf_item_len(0, 0)).max(least);
        if is_new {
            let root = Node::empty().encode(ROOT, pager.page_len());
            pager.save(vm, ROOT, &root)?;
        }
        Ok(Self { pager, inline_max })
    }

    /// Writes all that was changed.
    pub(super) fn sync(&mut self, vm: &mut Vm) -> Result<(), Raised> {
        self.pager.sync(vm)
    }

    fn node(&mut self, vm: &mut Vm, number: u32) -> Result<Node, Raised> {
        let bytes = self.pager.load(vm, number)?;
        Node::parse(&bytes).ok_or_else(|| Pager::broken(vm))
    }

    fn save(&mut self, vm: &mut Vm, number: u32, node: &Node) -> Result<(), Raised> {
        let bytes = node.encode(number, self.pager.page_len());
        self.pager.save(vm, number, &bytes)
    }

    // ---- overflow pages ----

    /// The bytes of a key or a value.
    fn bytes(&mut self, vm: &mut Vm, field: &Field) -> Result<Vec<u8>, Raised> {
        let (mut number, len) = match field {
            Field::Here(bytes) => return Ok(bytes.clone()),
            Field::Big(number, len) => (*number, *len as usize),
        };
        let mut all = Vec::new();
        while all.len() < len {
            let page = self.pager.load(vm, number)?;
            let Some((next, bytes)) = page::parse_overflow(&page) else {
                return Err(Pager::broken(vm));
            };
            all.extend_from_slice(&bytes[..bytes.len().min(len - all.len())]);
            number = next;
            // A chain that comes back to itself has no more bytes than the file.
            if all.len() > self.pager.count() as usize * self.pager.page_len() {
                return Err(Pager::broken(vm));
            }
        }
        Ok(all)
    }

    fn put_big(&mut self, vm: &mut Vm, bytes: &[u8]) -> Result<Field, Raised> {
        let page_len = self.pager.page_len();
        let first = self.pager.take(vm)?;
        let mut number = first;
        let mut parts = bytes.chunks(page_len - HEAD).peekable();
        while let Some(part) = parts.next() {
            let next = if parts.peek().is_some() { self.pager.take(vm)? } else { 0 };
            let page = page::encode_overflow(number, next, part, page_len);
            self.pager.save(vm, number, &page)?;
            number = next;
        }
        Ok(Field::Big(first, bytes.len() as u32))
    }

    /// Gives overflow pages back, unless an inner page needs them too.
    fn drop_big(&mut self, vm: &mut Vm, field: &Field) -> Result<(), Raised> {
        let Field::Big(mut number, len) = *field else { return Ok(()) };
        let per_page = self.pager.page_len() - HEAD;
        for i in 0..(len as usize).div_ceil(per_page) {
            let page = self.pager.load(vm, number)?;
            let Some((next, _)) = page::parse_overflow(&page) else {
                return Err(Pager::broken(vm));
            };
            if i == 0 && page::is_shared(&page) {
                return Ok(());
            }
            self.pager.give(vm, number)?;
            number = next;
        }
        Ok(())
    }

    // ---- finding ----

    /// Where a key is or would be in a page: the first item that is not before it, and whether it
    /// is that one. The first key of an inner page stands for all before it.
    fn find(&mut self, vm: &mut Vm, node: &Node, key: &[u8]) -> Result<(usize, bool), Raised> {
        let (mut low, mut high) = (usize::from(!node.is_leaf), node.items.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            let other = self.bytes(vm, &node.items[middle].key)?;
            match other.as_slice().cmp(key) {
                core::cmp::Ordering::Less => low = middle + 1,
                core::cmp::Ordering::Equal => return Ok((middle, true)),
                core::cmp::Ordering::Greater => high = middle,
            }
        }
        Ok((low, false))
    }

    /// The leaf where a key belongs, and the way there.
    fn descend(&mut self, vm: &mut Vm, key: &[u8]) -> Result<(Way, u32, Node), Raised> {
        let (mut way, mut number) = (Way::new(), ROOT);
        loop {
            let node = self.node(vm, number)?;
            if node.is_leaf {
                return Ok((way, number, node));
            }
            if way.len() == DEPTH_MAX {
                return Err(Pager::broken(vm));
            }
            let (at, found) = self.find(vm, &node, key)?;
            let at = if found { at } else { at - 1 };
            let Payload::Child(child) = node.items[at].payload else {
                return Err(Pager::broken(vm));
            };
            way.push((number, node, at));
            number = child;
        }
    }

    /// The value of a key.
    pub(super) fn get(&mut self, vm: &mut Vm, key: &[u8]) -> Result<Option<Vec<u8>>, Raised> {
        let (_, _, node) = self.descend(vm, key)?;
        let (at, found) = self.find(vm, &node, key)?;
        match node.items.get(at) {
            Some(Item { payload: Payload::Value(value), .. }) if found => {
                self.bytes(vm, value).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// The first pair whose key is not before this one; after it, if it is to be another.
    pub(super) fn seek(
        &mut self,
        vm: &mut Vm,
        key: &[u8],
        beyond: bool,
    ) -> Result<Option<Spot>, Raised> {
        let (_, leaf, node) = self.descend(vm, key)?;
        let (at, found) = self.find(vm, &node, key)?;
        self.forward(vm, leaf, at + usize::from(found && beyond))
    }

    /// The last pair whose key is before this one.
    pub(super) fn seek_before(&mut self, vm: &mut Vm, key: &[u8]) -> Result<Option<Spot>, Raised> {
        let (_, leaf, node) = self.descend(vm, key)?;
        let (at, _) = self.find(vm, &node, key)?;
        self.backward(vm, leaf, at)
    }

    /// The first or the last pair.
    pub(super) fn end(&mut self, vm: &mut Vm, last: bool) -> Result<Option<Spot>, Raised> {
        let mut number = ROOT;
        for _ in 0..=DEPTH_MAX {
            let node = self.node(vm, number)?;
            if node.is_leaf {
                let n = node.items.len();
                return if last {
                    self.backward(vm, number, n)
                } else {
                    self.forward(vm, number, 0)
                };
            }
            let item = if last { node.items.last() } else { node.items.first() };
            let Some(Item { payload: Payload::Child(child), .. }) = item else { break };
            number = *child;
        }
        Err(Pager::broken(vm))
    }

    /// The pair at a place of a leaf, or the first of the leaves after it.
    fn forward(&mut self, vm: &mut Vm, leaf: u32, at: usize) -> Result<Option<Spot>, Raised> {
        let (mut leaf, mut at) = (leaf, at);
        for _ in 0..self.pager.count() {
            let node = self.leaf(vm, leaf)?;
            if at < node.items.len() {
                return Ok(Some(Spot { leaf, at }));
            }
            if node.after == META {
                return Ok(None);
            }
            (leaf, at) = (node.after, 0);
        }
        Err(Pager::broken(vm))
    }

    /// The pair before a place of a leaf, or the last of the leaves before it.
    fn backward(&mut self, vm: &mut Vm, leaf: u32, at: usize) -> Result<Option<Spot>, Raised> {
        let (mut leaf, mut at) = (leaf, at);
        for _ in 0..self.pager.count() {
            if at > 0 {
                return Ok(Some(Spot { leaf, at: at - 1 }));
            }
            let before = self.leaf(vm, leaf)?.before;
            if before == META {
                return Ok(None);
            }
            (leaf, at) = (before, self.leaf(vm, before)?.items.len());
        }
        Err(Pager::broken(vm))
    }

    fn leaf(&mut self, vm: &mut Vm, number: u32) -> Result<Node, Raised> {
        let node = self.node(vm, number)?;
        if node.is_leaf { Ok(node) } else { Err(Pager::broken(vm)) }
    }

    /// Key and value at a spot.
    pub(super) fn pair(&mut self, vm: &mut Vm, spot: Spot) -> Result<(Vec<u8>, Vec<u8>), Raised> {
        let node = self.leaf(vm, spot.leaf)?;
        match node.items.get(spot.at) {
            Some(Item { key, payload: Payload::Value(value) }) => {
                Ok((self.bytes(vm, key)?, self.bytes(vm, value)?))
            }
            _ => Err(Pager::broken(vm)),
        }
    }

    // ---- changing ----

    /// Puts a pair, in the place of one with the same key.
    pub(super) fn put(&mut self, vm: &mut Vm, key: &[u8], value: &[u8]) -> Result<(), Raised> {
        if key.len().max(value.len()) > u32::MAX as usize {
            return Err(vm.raise_args(types::MEMORY_ERROR, "memory allocation failed"));
        }
        let (way, leaf, mut node) = self.descend(vm, key)?;
        let (at, found) = self.find(vm, &node, key)?;
        let old = found.then(|| node.items.remove(at));
        let mut fields = [Field::Here(key.to_vec()), Field::Here(value.to_vec())];
        if fields[0].len() > self.inline_max {
            fields[0] = self.put_big(vm, key)?;
        }
        if fields[0].len() + fields[1].len() > self.inline_max {
            fields[1] = self.put_big(vm, value)?;
        }
        if fields[0].len() + fields[1].len() > self.inline_max && fields[0].len() > page::BIG_LEN {
            fields[0] = self.put_big(vm, key)?;
        }
        let [key, value] = fields;
        node.items.insert(at, Item { key, payload: Payload::Value(value) });
        self.store(vm, way, leaf, node, at)?;
        match old {
            Some(old) => self.drop_item(vm, &old),
            None => Ok(()),
        }
    }

    fn drop_item(&mut self, vm: &mut Vm, item: &Item) -> Result<(), Raised> {
        self.drop_big(vm, &item.key)?;
        match &item.payload {
            Payload::Value(value) => self.drop_big(vm, value),
            Payload::Child(_) => Ok(()),
        }
    }

    /// Saves a page that has got an item at a place, and splits it and those above as need be.
    fn store(
        &mut self,
        vm: &mut Vm,
        mut way: Way,
        mut number: u32,
        mut node: Node,
        mut place: usize,
    ) -> Result<(), Raised> {
        let page_len = self.pager.page_len();
        while !node.fits(page_len) {
            let at_end = node.after == META && place + 1 == node.items.len();
            let (upper, key) = self.split(vm, number, &mut node, at_end)?;
            let Some((parent, mut above, at)) = way.pop() else {
                return self.grow(vm, node, upper, key);
            };
            self.save(vm, number, &node)?;
            place = at + 1;
            above.items.insert(place, Item { key, payload: Payload::Child(upper) });
            (number, node) = (parent, above);
        }
        self.save(vm, number, &node)
    }

    /// Moves the upper items of a page to a new one: its number and its first key.
    fn split(
        &mut self,
        vm: &mut Vm,
        number: u32,
        node: &mut Node,
        at_end: bool,
    ) -> Result<(u32, Field), Raised> {
        let page_len = self.pager.page_len();
        let items = node.split(at_end);
        let upper = Node { is_leaf: node.is_leaf, before: number, after: node.after, items };
        let sound = !node.items.is_empty() && !upper.items.is_empty();
        if !sound || !node.fits(page_len) || !upper.fits(page_len) {
            // Items so large that two of them do not fit a page: another's file.
            return Err(Pager::broken(vm));
        }
        let new = self.pager.take(vm)?;
        if node.after != META {
            let mut next = self.node(vm, node.after)?;
            next.before = new;
            self.save(vm, node.after, &next)?;
        }
        node.after = new;
        let key = upper.items[0].key.clone();
        self.save(vm, new, &upper)?;
        if let (true, Field::Big(first, _)) = (node.is_leaf, &key) {
            let mut page = self.pager.load(vm, *first)?;
            page::share(&mut page);
            self.pager.save(vm, *first, &page)?;
        }
        Ok((new, key))
    }

    /// The root was split: its lower half gets a page of its own, and the root becomes a level.
    fn grow(&mut self, vm: &mut Vm, lower: Node, upper: u32, key: Field) -> Result<(), Raised> {
        let number = self.pager.take(vm)?;
        self.save(vm, number, &lower)?;
        let mut next = self.node(vm, upper)?;
        next.before = number;
        self.save(vm, upper, &next)?;
        let items = vec![
            Item { key: Field::Here(Vec::new()), payload: Payload::Child(number) },
            Item { key, payload: Payload::Child(upper) },
        ];
        self.save(vm, ROOT, &Node { is_leaf: false, before: 0, after: 0, items })
    }

    /// Deletes a key; whether it was there.
    pub(super) fn delete(&mut self, vm: &mut Vm, key: &[u8]) -> Result<bool, Raised> {
        let (mut way, mut number, mut node) = self.descend(vm, key)?;
        let (at, found) = self.find(vm, &node, key)?;
        if !found {
            return Ok(false);
        }
        let old = node.items.remove(at);
        self.save(vm, number, &node)?;
        self.drop_item(vm, &old)?;
        while node.items.is_empty() {
            let Some((parent, mut above, at)) = way.pop() else {
                // The root is the last page that can become empty: it is a leaf again.
                self.save(vm, ROOT, &Node::empty())?;
                return Ok(true);
            };
            self.unlink(vm, number, &node)?;
            above.items.remove(at);
            (number, node) = (parent, above);
            if !node.items.is_empty() {
                self.save(vm, number, &node)?;
            }
        }
        Ok(true)
    }

    /// Takes an empty page out of its level.
    fn unlink(&mut self, vm: &mut Vm, number: u32, node: &Node) -> Result<(), Raised> {
        if node.before != META {
            let mut before = self.node(vm, node.before)?;
            before.after = node.after;
            self.save(vm, node.before, &before)?;
        }
        if node.after != META {
            let mut after = self.node(vm, node.after)?;
            after.before = node.before;
            self.save(vm, node.after, &after)?;
        }
        self.pager.give(vm, number)
    }
}

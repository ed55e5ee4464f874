//! Pages of a Berkeley DB 1.85 B-tree as bytes, and what they say. Nothing in them is believed.

use alloc::vec;
use alloc::vec::Vec;

/// Number of the page that describes the file.
pub(super) const META: u32 = 0;
/// Number of the page at the top of the tree.
pub(super) const ROOT: u32 = 1;
/// Bytes that describe the file.
pub(super) const META_LEN: usize = 24;
/// Smallest and largest page: offsets have 16 bits.
pub(super) const PAGE_MIN: usize = 512;
pub(super) const PAGE_MAX: usize = 65534;
/// Bytes before the table of offsets, or before the bytes of an overflow page.
pub(super) const HEAD: usize = 20;

const MAGIC: u32 = 0x0005_3162;
const VERSION: u32 = 3;
/// Flags of a file: keys are there once.
const NO_DUPLICATES: u32 = 0x20;

/// Kinds of pages, and the flag of an overflow page that an inner page shares with a leaf.
const INNER: u32 = 1;
const LEAF: u32 = 2;
const OVERFLOW: u32 = 4;
const KIND: u32 = 0x1f;
const SHARED: u32 = 0x20;

/// Flags of an item: its value, its key is on overflow pages.
const BIG_VALUE: u8 = 1;
const BIG_KEY: u8 = 2;
/// Bytes of a reference to overflow pages.
pub(super) const BIG_LEN: usize = 8;

/// Number of bytes rounded up to whole words.
const fn aligned(n: usize) -> usize {
    (n + 3) & !3
}

/// Bytes of a leaf's item with so many bytes of key and value.
pub(super) const fn leaf_item_len(key: usize, value: usize) -> usize {
    aligned(9 + key + value)
}

/// What page 0 says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Meta {
    /// Bytes of a page.
    pub(super) page_len: usize,
    /// First of the pages that are free; zero for none.
    pub(super) free: u32,
}

impl Meta {
    /// What the first bytes of a file say; nothing if it is no B-tree of this format.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let word = |i: usize| word(bytes, i * 4);
        let page_len = word(2)? as usize;
        let good = word(0)? == MAGIC
            && word(1)? == VERSION
            && (PAGE_MIN..=PAGE_MAX).contains(&page_len)
            && page_len.is_multiple_of(2)
            && word(5)? & !NO_DUPLICATES == 0;
        let free = word(3)?;
        good.then_some(Self { page_len, free })
    }

    /// Page 0.
    pub(super) fn encode(self) -> Vec<u8> {
        let mut page = Vec::with_capacity(self.page_len);
        for w in [MAGIC, VERSION, self.page_len as u32, self.free, 0, NO_DUPLICATES] {
            page.extend_from_slice(&w.to_le_bytes());
        }
        page.resize(self.page_len, 0);
        page
    }
}

/// A key or a value where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Field {
    /// In the page.
    Here(Vec<u8>),
    /// On overflow pages: the first, and how many bytes.
    Big(u32, u32),
}

impl Field {
    /// Bytes that it takes in the page.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Here(bytes) => bytes.len(),
            Self::Big(..) => BIG_LEN,
        }
    }

    fn parse(bytes: &[u8], big: bool) -> Option<Self> {
        if !big {
            return Some(Self::Here(bytes.to_vec()));
        }
        (bytes.len() == BIG_LEN).then_some(())?;
        Some(Self::Big(word(bytes, 0)?, word(bytes, 4)?))
    }

    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Here(bytes) => out.extend_from_slice(bytes),
            Self::Big(page, len) => {
                out.extend_from_slice(&page.to_le_bytes());
                out.extend_from_slice(&len.to_le_bytes());
            }
        }
    }
}

/// What belongs to a key: a value in a leaf, the page with the keys from this one on elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Payload {
    /// In a leaf.
    Value(Field),
    /// In an inner page.
    Child(u32),
}

/// A key and what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// The key.
    pub(super) key: Field,
    /// What belongs to it.
    pub(super) payload: Payload,
}

impl Item {
    /// Bytes that it takes, its place in the table of offsets included.
    fn len(&self) -> usize {
        2 + match &self.payload {
            Payload::Value(value) => leaf_item_len(self.key.len(), value.len()),
            Payload::Child(_) => aligned(9 + self.key.len()),
        }
    }

    fn parse(page: &[u8], at: usize, is_leaf: bool) -> Option<Self> {
        let (key_len, second) = (word(page, at)? as usize, word(page, at + 4)?);
        let flags = *page.get(at + 8)?;
        let rest = page.get(at + 9..)?;
        let key = Field::parse(rest.get(..key_len)?, flags & BIG_KEY != 0)?;
        let payload = if is_leaf {
            let value = rest.get(key_len..)?.get(..second as usize)?;
            Payload::Value(Field::parse(value, flags & BIG_VALUE != 0)?)
        } else {
            Payload::Child(second)
        };
        Some(Self { key, payload })
    }

    fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.len());
        out.extend_from_slice(&(self.key.len() as u32).to_le_bytes());
        let (second, mut flags) = match &self.payload {
            Payload::Value(value) => {
                (value.len() as u32, if matches!(value, Field::Big(..)) { BIG_VALUE } else { 0 })
            }
            Payload::Child(page) => (*page, 0),
        };
        if matches!(self.key, Field::Big(..)) {
            flags |= BIG_KEY;
        }
        out.extend_from_slice(&second.to_le_bytes());
        out.push(flags);
        self.key.write(&mut out);
        if let Payload::Value(value) = &self.payload {
            value.write(&mut out);
        }
        out.resize(aligned(out.len()), 0);
        out
    }
}

/// A page of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Node {
    /// Whether it is a leaf.
    pub(super) is_leaf: bool,
    /// The pages of the same level before and after it; zero for none.
    pub(super) before: u32,
    pub(super) after: u32,
    /// In the order of their keys.
    pub(super) items: Vec<Item>,
}

impl Node {
    /// A leaf without items.
    pub(super) const fn empty() -> Self {
        Self { is_leaf: true, before: 0, after: 0, items: Vec::new() }
    }

    /// What a page says; nothing if it is none of the tree.
    pub(super) fn parse(page: &[u8]) -> Option<Self> {
        let kind = word(page, 12)? & KIND;
        let is_leaf = kind == LEAF;
        let (lower, upper) = (half(page, 16)?, half(page, 18)?);
        let sound = (is_leaf || kind == INNER)
            && lower >= HEAD
            && lower <= upper
            && upper <= page.len()
            && lower.is_multiple_of(2);
        sound.then_some(())?;
        let mut items = Vec::new();
        // Items that share their bytes would be more than the page can hold.
        let mut room = page.len() - HEAD;
        for at in (HEAD..lower).step_by(2) {
            let at = half(page, at)?;
            (at >= upper).then_some(())?;
            let item = Item::parse(page, at, is_leaf)?;
            room = room.checked_sub(item.len())?;
            items.push(item);
        }
        (is_leaf || !items.is_empty()).then_some(())?;
        Some(Self { is_leaf, before: word(page, 4)?, after: word(page, 8)?, items })
    }

    /// Whether it fits a page.
    pub(super) fn fits(&self, page_len: usize) -> bool {
        self.used() <= page_len
    }

    fn used(&self) -> usize {
        HEAD + self.items.iter().map(Item::len).sum::<usize>()
    }

    /// The page of this number; it has to fit.
    pub(super) fn encode(&self, number: u32, page_len: usize) -> Vec<u8> {
        let mut page = vec![0; page_len];
        let kind = if self.is_leaf { LEAF } else { INNER };
        put_words(&mut page, &[number, self.before, self.after, kind]);
        let mut upper = page_len;
        for (i, item) in self.items.iter().enumerate() {
            let bytes = item.bytes();
            upper -= bytes.len();
            page[upper..upper + bytes.len()].copy_from_slice(&bytes);
            put_half(&mut page, HEAD + i * 2, upper);
        }
        put_half(&mut page, 16, HEAD + self.items.len() * 2);
        put_half(&mut page, 18, upper);
        page
    }

    /// Takes the upper half of the items away, as near to half of the bytes as it can be; at the
    /// end of a level it is only the last, since keys that come in order fill pages like this.
    pub(super) fn split(&mut self, at_end: bool) -> Vec<Item> {
        let last = self.items.len().saturating_sub(1);
        if at_end {
            return self.items.split_off(last);
        }
        let all = self.used() - HEAD;
        let (mut lower, mut best, mut at) = (0, usize::MAX, last);
        for (i, item) in self.items.iter().enumerate().take(last) {
            lower += item.len();
            let uneven = (all - lower).abs_diff(lower);
            if uneven < best {
                (best, at) = (uneven, i + 1);
            }
        }
        self.items.split_off(at)
    }
}

/// What an overflow page says: the next one, and the bytes.
pub(super) fn parse_overflow(page: &[u8]) -> Option<(u32, &[u8])> {
    (word(page, 12)? & KIND == OVERFLOW).then_some(())?;
    Some((word(page, 8)?, &page[HEAD..]))
}

/// Whether an overflow page also belongs to an inner page.
pub(super) fn is_shared(page: &[u8]) -> bool {
    word(page, 12).is_some_and(|flags| flags & SHARED != 0)
}

/// Makes an overflow page belong to an inner page as well.
pub(super) fn share(page: &mut [u8]) {
    if let Some(flags) = word(page, 12) {
        page[12..16].copy_from_slice(&(flags | SHARED).to_le_bytes());
    }
}

/// An overflow page.
pub(super) fn encode_overflow(number: u32, next: u32, bytes: &[u8], page_len: usize) -> Vec<u8> {
    let mut page = vec![0; page_len];
    put_words(&mut page, &[number, 0, next, OVERFLOW]);
    page[HEAD..HEAD + bytes.len()].copy_from_slice(bytes);
    page
}

/// A free page: the next one.
pub(super) fn parse_free(page: &[u8]) -> Option<u32> {
    word(page, 8)
}

/// A free page.
pub(super) fn encode_free(number: u32, next: u32, page_len: usize) -> Vec<u8> {
    let mut page = vec![0; page_len];
    put_words(&mut page, &[number, 0, next, 0]);
    page
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn half(bytes: &[u8], at: usize) -> Option<usize> {
    Some(usize::from(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?)))
}

fn put_words(page: &mut [u8], words: &[u32]) {
    for (slot, w) in page.chunks_exact_mut(4).zip(words) {
        slot.copy_from_slice(&w.to_le_bytes());
    }
}

fn put_half(page: &mut [u8], at: usize, n: usize) {
    page[at..at + 2].copy_from_slice(&(n as u16).to_le_bytes());
}

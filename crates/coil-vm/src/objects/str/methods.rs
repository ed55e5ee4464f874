//! The tables of methods that str, bytes and bytearray share.

use super::{case, encoding, find, split};
use crate::objects::array;
use crate::rom::{Convention, Def, Item, def, def_kw, def_raw};

/// A class method with positional arguments; the class is the first.
const fn class_def(signature: &'static str, f: crate::rom::NativeFn) -> Item {
    Item::Class(Def { signature, f, convention: Convention::Plain })
}

macro_rules! text_items {
    ($($own:expr),* $(,)?) => {
        &[
            def("count(self, sub, start=, end=)", find::count),
            def("endswith(self, suffix, start=, end=)", find::endswith),
            def("find(self, sub, start=, end=)", find::find_method),
            def_raw("format(self, *args)", crate::format::format_method),
            def("index(self, sub, start=, end=)", find::index),
            def("isalpha(self)", case::isalpha),
            def("isdigit(self)", case::isdigit),
            def("islower(self)", case::islower),
            def("isspace(self)", case::isspace),
            def("isupper(self)", case::isupper),
            def("join(self, items)", split::join),
            def("lower(self)", case::lower),
            def("lstrip(self, chars=)", find::lstrip),
            def("replace(self, old, new, count=)", split::replace),
            def("rfind(self, sub, start=, end=)", find::rfind),
            def("rindex(self, sub, start=, end=)", find::rindex),
            def("rsplit(self, sep=, maxsplit=)", split::rsplit),
            def("rstrip(self, chars=)", find::rstrip),
            def("split(self, sep=, maxsplit=)", split::split),
            def("startswith(self, prefix, start=, end=)", find::startswith),
            def("strip(self, chars=)", find::strip),
            def("upper(self)", case::upper),
            def("center(self, width)", case::center),
            $($own,)*
            def("partition(self, sep)", split::partition),
            def("rpartition(self, sep)", split::rpartition),
            def_kw("splitlines(self, keepends=)", split::splitlines),
        ]
    };
}

/// Methods of str.
pub(crate) const STR_ITEMS: &[Item] =
    text_items![def("encode(self, encoding=, errors=)", encoding::encode)];

/// Methods of bytes.
pub(crate) const BYTES_ITEMS: &[Item] = text_items![
    def("decode(self, encoding=, errors=)", encoding::decode),
    class_def("fromhex(class, text)", encoding::fromhex),
    def("hex(self, sep=)", encoding::hex),
];

/// Methods of bytearray.
pub(crate) const BYTEARRAY_ITEMS: &[Item] = text_items![
    def("append(self, x)", array::append),
    def("extend(self, items)", array::extend),
    def("decode(self, encoding=, errors=)", encoding::decode),
    class_def("fromhex(class, text)", encoding::fromhex),
    def("hex(self, sep=)", encoding::hex),
];

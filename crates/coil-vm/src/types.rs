//! The language's own types, numbered. One row adds a type; its table is in its own file.

use crate::objects as o;
use crate::rom::TypeDef;
use coil_heap::{Tag, Value};

/// The number of a core type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Type(pub u32);

impl From<Type> for Value {
    #[inline(always)]
    fn from(t: Type) -> Self {
        Self::immediate(Tag::Type, t.0)
    }
}

macro_rules! core_types {
    ($($name:ident $def:expr;)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "counts the rows")]
        #[repr(u32)]
        enum Number { $($name),* }
        $(#[doc = concat!("The type of `", stringify!($def), "`.")] pub const $name: Type = Type(Number::$name as u32);)*
        /// The tables of the core types, in order.
        pub(crate) static CORE: &[&TypeDef] = &[$(&$def),*];
    };
}

core_types! {
    OBJECT o::object::OBJECT;
    TYPE o::class::TYPE;
    NONE o::singletons::NONE;
    BOOL o::int::BOOL;
    INT o::int::INT;
    FLOAT o::float::FLOAT;
    COMPLEX o::complex::COMPLEX;
    STR o::str::STR;
    BYTES o::bytes::BYTES;
    BYTEARRAY o::bytearray::BYTEARRAY;
    ARRAY o::array::ARRAY;
    MEMORYVIEW o::memoryview::MEMORYVIEW;
    TUPLE o::tuple::TUPLE;
    NAMEDTUPLE o::tuple::NAMEDTUPLE;
    LIST o::list::LIST;
    DICT o::dict::DICT;
    ORDERED_DICT o::dict::ORDERED_DICT;
    DICT_VIEW o::dict::VIEW;
    SET o::set::SET;
    FROZENSET o::set::FROZENSET;
    RANGE o::range::RANGE;
    SLICE o::slice::SLICE;
    FUNCTION o::function::FUNCTION;
    GENERATOR_FUNCTION o::function::GENERATOR_FUNCTION;
    NATIVE_FUNCTION o::function::NATIVE;
    BOUND_METHOD o::function::BOUND;
    CELL o::function::CELL;
    CODE o::function::CODE;
    GENERATOR o::generator::GENERATOR;
    MODULE o::module::MODULE;
    ITERATOR o::iter::ITERATOR;
    MAP o::iter::MAP;
    FILTER o::iter::FILTER;
    ZIP o::iter::ZIP;
    ENUMERATE o::iter::ENUMERATE;
    REVERSED o::iter::REVERSED;
    PROPERTY o::descriptor::PROPERTY;
    STATICMETHOD o::descriptor::STATICMETHOD;
    CLASSMETHOD o::descriptor::CLASSMETHOD;
    SUPER o::super_::SUPER;
    TEMPLATE o::template::TEMPLATE;
    INTERPOLATION o::template::INTERPOLATION;
    WEAK_REF o::weak::REF;
    WEAK_FINALIZE o::weak::FINALIZE;
    ELLIPSIS o::singletons::ELLIPSIS;
    NOT_IMPLEMENTED o::singletons::NOT_IMPLEMENTED;
    BASE_EXCEPTION o::exception::BASE_EXCEPTION;
    SYSTEM_EXIT o::exception::SYSTEM_EXIT;
    KEYBOARD_INTERRUPT o::exception::KEYBOARD_INTERRUPT;
    GENERATOR_EXIT o::exception::GENERATOR_EXIT;
    EXCEPTION o::exception::EXCEPTION;
    STOP_ASYNC_ITERATION o::exception::STOP_ASYNC_ITERATION;
    STOP_ITERATION o::exception::STOP_ITERATION;
    ARITHMETIC_ERROR o::exception::ARITHMETIC_ERROR;
    OVERFLOW_ERROR o::exception::OVERFLOW_ERROR;
    ZERO_DIVISION_ERROR o::exception::ZERO_DIVISION_ERROR;
    ASSERTION_ERROR o::exception::ASSERTION_ERROR;
    ATTRIBUTE_ERROR o::exception::ATTRIBUTE_ERROR;
    EOF_ERROR o::exception::EOF_ERROR;
    IMPORT_ERROR o::exception::IMPORT_ERROR;
    LOOKUP_ERROR o::exception::LOOKUP_ERROR;
    INDEX_ERROR o::exception::INDEX_ERROR;
    KEY_ERROR o::exception::KEY_ERROR;
    MEMORY_ERROR o::exception::MEMORY_ERROR;
    NAME_ERROR o::exception::NAME_ERROR;
    OS_ERROR o::exception::OS_ERROR;
    RUNTIME_ERROR o::exception::RUNTIME_ERROR;
    NOT_IMPLEMENTED_ERROR o::exception::NOT_IMPLEMENTED_ERROR;
    SYNTAX_ERROR o::exception::SYNTAX_ERROR;
    INDENTATION_ERROR o::exception::INDENTATION_ERROR;
    TYPE_ERROR o::exception::TYPE_ERROR;
    VIPER_TYPE_ERROR o::exception::VIPER_TYPE_ERROR;
    VALUE_ERROR o::exception::VALUE_ERROR;
    UNICODE_ERROR o::exception::UNICODE_ERROR;
}

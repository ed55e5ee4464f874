//! Methods of strings.

use crate::rom::Item;
use crate::vm::{Res, Vm};
use coil_heap::Value;

/// The methods.
pub(crate) const ITEMS: &[Item] = &[];

/// `text % values`
pub(crate) fn format_percent(_vm: &mut Vm, _text: Value, _values: Value) -> Res {
    Ok(Value::NULL)
}

//! Padding, and numbers as they are printed into fields.

use crate::objects::float::text::{Style as FloatStyle, format as format_float};
use crate::vm::{Raised, Vm};
use alloc::vec::Vec;
use coil_heap::Value;

/// How a value is laid out in its field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout {
    pub(crate) left: bool,
    pub(crate) center: bool,
    pub(crate) after_sign: bool,
    /// Zero, or what stands in front of numbers that are not negative.
    pub(crate) sign: u8,
    /// Show `0x` and its kin.
    pub(crate) prefix: bool,
    /// What groups digits, or zero.
    pub(crate) separator: u8,
    pub(crate) percent: bool,
    pub(crate) fill: u8,
    pub(crate) width: i32,
    /// Negative if none was given.
    pub(crate) precision: i32,
}

impl Layout {
    /// Nothing special.
    pub(crate) const PLAIN: Self = Self {
        left: false,
        center: false,
        after_sign: false,
        sign: 0,
        prefix: false,
        separator: 0,
        percent: false,
        fill: b' ',
        width: 0,
        precision: -1,
    };
}

/// MemoryError if a field could never fit the heap.
fn check_width(vm: &mut Vm, out: &[u8], width: i32) -> Result<(), Raised> {
    vm.check_room(out.len().saturating_add(usize::try_from(width).unwrap_or(0)))
}

/// Zeros in groups, as they stand on either side of text in a field of this width.
fn grouped_zeros(pad: usize, width: usize, separator: u8) -> impl Iterator<Item = u8> {
    let group = group_size(separator);
    let first = group - 1 - width % group;
    (0..pad).map(move |i| if (first + i) % group == group - 1 { separator } else { b'0' })
}

/// How many digits stand between separators, the separator itself counted.
const fn group_size(separator: u8) -> usize {
    if separator == b'_' { 5 } else { 4 }
}

/// Appends text with padding.
pub(crate) fn text(
    vm: &mut Vm,
    out: &mut Vec<u8>,
    text: &[u8],
    layout: Layout,
) -> Result<(), Raised> {
    check_width(vm, out, layout.width)?;
    let fill = if layout.fill == 0 { b' ' } else { layout.fill };
    let width = usize::try_from(layout.width).unwrap_or(0);
    let grouped = fill == b'0' && layout.separator != 0;
    // A group never starts with a separator: the field is one wider then.
    let more = grouped && layout.width >= 0 && width.is_multiple_of(group_size(layout.separator));
    let width = width + usize::from(more);
    let pad = width.saturating_sub(text.len());
    let (left, right) = if layout.center {
        (pad / 2, pad - pad / 2)
    } else if layout.left {
        (0, pad)
    } else {
        (pad, 0)
    };
    if grouped {
        out.extend(grouped_zeros(left, width, layout.separator));
        out.extend_from_slice(text);
        out.extend(grouped_zeros(right, width, layout.separator));
        return Ok(());
    }
    out.resize(out.len() + left, fill);
    out.extend_from_slice(text);
    out.resize(out.len() + right, fill);
    Ok(())
}

/// Digits with a separator between groups.
fn group(digits: &[u8], size: usize, separator: u8) -> Vec<u8> {
    let mut out = Vec::with_capacity(digits.len() * 4 / 3 + 1);
    for (i, d) in digits.iter().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(size) {
            out.push(separator);
        }
        out.push(*d);
    }
    out
}

/// Appends an int. Anything that is no int is converted, or TypeError.
pub(crate) fn int(
    vm: &mut Vm,
    out: &mut Vec<u8>,
    v: Value,
    base: u32,
    upper: bool,
    layout: Layout,
) -> Result<(), Raised> {
    let v = if vm.is_int(v) { v } else { Value::int(vm.expect_int(v)?) };
    check_width(vm, out, layout.width.max(layout.precision))?;
    let mut layout = layout;
    if !layout.left && !layout.center && layout.fill == b'0' {
        layout.width = layout.width.max(layout.precision);
        layout.precision = 0;
    }
    let (negative, mut digits) = vm.int_digits(v, base)?;
    if upper {
        digits.make_ascii_uppercase();
    }
    if layout.separator != 0 {
        digits = group(&digits, if base == 10 { 3 } else { 4 }, layout.separator);
    }
    let mut prefix = Vec::new();
    if !negative && layout.sign != 0 {
        prefix.push(layout.sign);
    }
    if layout.prefix {
        let letter = match base {
            2 => b'b',
            8 => b'o',
            _ => b'x',
        };
        if base != 10 {
            prefix.extend([b'0', if upper { letter.to_ascii_uppercase() } else { letter }]);
        }
    }
    let sign: &[u8] = if negative { b"-" } else { b"" };
    if layout.precision > 1 {
        return padded_digits(vm, out, &[sign, &prefix].concat(), &digits, layout);
    }
    if layout.after_sign {
        out.extend_from_slice(sign);
        out.extend_from_slice(&prefix);
        layout.width -= (sign.len() + prefix.len()) as i32;
        return text(vm, out, &digits, layout);
    }
    text(vm, out, &[sign, &prefix, &digits].concat(), layout)
}

/// An int with at least `precision` digits, all of it aligned with spaces.
fn padded_digits(
    vm: &mut Vm,
    out: &mut Vec<u8>,
    head: &[u8],
    digits: &[u8],
    layout: Layout,
) -> Result<(), Raised> {
    let body = digits.len().max(layout.precision as usize) + head.len();
    let spaces = usize::try_from(layout.width).unwrap_or(0).saturating_sub(body);
    if !layout.left {
        out.resize(out.len() + spaces, b' ');
    }
    out.extend_from_slice(head);
    let inner = Layout { left: false, fill: b'0', width: layout.precision, ..layout };
    text(vm, out, digits, inner)?;
    if layout.left {
        out.resize(out.len() + spaces, b' ');
    }
    Ok(())
}

/// Appends a float.
pub(crate) fn float(
    vm: &mut Vm,
    out: &mut Vec<u8>,
    f: f64,
    letter: u8,
    layout: Layout,
) -> Result<(), Raised> {
    let style = FloatStyle { letter, precision: layout.precision, sign: layout.sign };
    let mut body = format_float(f, vm.is_single_precision(), style);
    if layout.percent {
        body.push(b'%');
    }
    let mut layout = layout;
    let mut body = body.as_slice();
    if layout.after_sign && body.first().is_some_and(|b| *b < b'0') {
        out.push(body[0]);
        body = &body[1..];
        layout.width -= 1;
    }
    text(vm, out, body, layout)
}

//! Letters: case, classes of characters (all ASCII only), centring.

use super::text::Text;
use super::utf8;
use crate::rom::Args;
use crate::vm::{Res, Vm};
use alloc::vec::Vec;
use coil_heap::Value;

fn convert(vm: &mut Vm, args: Args, f: fn(&[u8]) -> Vec<u8>) -> Res {
    let v = vm.arg(args, 0);
    let this = vm.this_text(v)?;
    let text = f(vm.text(v));
    vm.new_text(this, &text)
}

pub(crate) fn lower(vm: &mut Vm, args: Args) -> Res {
    convert(vm, args, <[u8]>::to_ascii_lowercase)
}

pub(crate) fn upper(vm: &mut Vm, args: Args) -> Res {
    convert(vm, args, <[u8]>::to_ascii_uppercase)
}

fn all(vm: &mut Vm, args: Args, is: fn(u8) -> bool) -> Res {
    let text = vm.text(vm.arg(args, 0));
    Ok(Value::bool(!text.is_empty() && text.iter().all(|b| is(*b))))
}

fn all_letters(vm: &mut Vm, args: Args, is: fn(&u8) -> bool) -> Res {
    let text = vm.text(vm.arg(args, 0));
    let mut letters = text.iter().filter(|b| b.is_ascii_alphabetic()).peekable();
    Ok(Value::bool(letters.peek().is_some() && letters.all(is)))
}

pub(crate) fn isspace(vm: &mut Vm, args: Args) -> Res {
    all(vm, args, super::split::is_space)
}

pub(crate) fn isalpha(vm: &mut Vm, args: Args) -> Res {
    all(vm, args, |b| b.is_ascii_alphabetic())
}

pub(crate) fn isdigit(vm: &mut Vm, args: Args) -> Res {
    all(vm, args, |b| b.is_ascii_digit())
}

pub(crate) fn isupper(vm: &mut Vm, args: Args) -> Res {
    all_letters(vm, args, u8::is_ascii_uppercase)
}

pub(crate) fn islower(vm: &mut Vm, args: Args) -> Res {
    all_letters(vm, args, u8::is_ascii_lowercase)
}

pub(crate) fn center(vm: &mut Vm, args: Args) -> Res {
    let v = vm.arg(args, 0);
    let this: Text = vm.this_text(v)?;
    // A negative width is a huge one, as in the reference.
    let width = vm.expect_int(vm.arg(args, 1))? as u32;
    let width = width as usize;
    let chars = utf8::char_count(vm.text(v));
    if chars >= width {
        return Ok(v);
    }
    // With the byte that ends every text there.
    vm.check_room(width.saturating_add(1))?;
    let padding = width - chars;
    let mut text = alloc::vec![b' '; padding / 2];
    text.extend_from_slice(vm.text(v));
    text.resize(text.len() + padding - padding / 2, b' ');
    vm.new_text(this, &text)
}

//! Block devices as file systems use them: a partition of the flash, or any object with
//! `readblocks`, `writeblocks` and `ioctl`.

use super::littlefs::Blocks;
use crate::chip::Chip;
use crate::flash::Region;
use crate::modules::esp32::partition;
use alloc::vec;
use coil_vm::{Raised, Value, Vm, types};

/// `ioctl`: get ready.
pub(super) const INIT: i64 = 1;
/// `ioctl`: write what is held back.
pub(super) const SYNC: i64 = 3;
/// `ioctl`: number of blocks.
pub(super) const BLOCK_COUNT: i64 = 4;
/// `ioctl`: bytes of a block.
pub(super) const BLOCK_SIZE: i64 = 5;
/// `ioctl`: erase a block.
pub(super) const ERASE: i64 = 6;

/// The device is read-only.
pub(super) const EROFS: i32 = 30;
const EIO: i32 = 5;
const EINVAL: i32 = 22;

/// A device at work: it lives as long as one operation of a file system.
pub(super) struct Device<'a> {
    vm: &'a mut Vm,
    object: Value,
    flash: Option<Region>,
    block_size: u32,
    readonly: bool,
    /// A method of the object has raised: the exception is in `Vm::pending`.
    raised: bool,
}

impl<'a> Device<'a> {
    /// A device for an operation. The caller holds the object.
    pub(super) fn new(vm: &'a mut Vm, object: Value, block_size: u32, readonly: bool) -> Self {
        let flash = partition::region(vm, object);
        Self { vm, object, flash, block_size, readonly, raised: false }
    }

    /// Looks whether an object can be a block device at all.
    pub(super) fn check(vm: &mut Vm, object: Value) -> Result<(), Raised> {
        let [read, count] = ["readblocks", "count"].map(|n| vm.intern(n));
        vm.get_attr(object, read)?;
        if !has_ioctl(vm, object)? {
            vm.get_attr(object, count)?;
        }
        Ok(())
    }

    /// What a file system's answer means: an exception that the object raised comes first.
    pub(super) fn finish<T>(self, answer: Result<T, i32>) -> Result<T, Raised> {
        if self.raised {
            return Err(Raised);
        }
        answer.map_err(|errno| self.vm.os_error(i64::from(errno)))
    }

    /// `ioctl`, or what the old protocol has instead. None where the object gives none.
    pub(super) fn ioctl(&mut self, op: i64, arg: i64) -> Result<Option<i64>, Raised> {
        let ioctl = self.vm.intern("ioctl");
        let answer = if let Some((f, this)) = self.vm.load_method(self.object, ioctl)? {
            self.vm.call_method(f, this, &[Value::int(op), Value::int(arg)])?
        } else {
            let name = match op {
                SYNC => "sync",
                BLOCK_COUNT => "count",
                _ => return Ok(None),
            };
            let name = self.vm.intern(name);
            match self.vm.load_method(self.object, name)? {
                Some((f, this)) => self.vm.call_method(f, this, &[])?,
                None => return Ok(None),
            }
        };
        if answer == Value::NONE {
            return Ok(None);
        }
        self.vm.expect_int(answer).map(Some)
    }

    /// An `ioctl` whose answer does not matter; what it raises does.
    pub(super) fn control(&mut self, op: i64) -> Result<(), Raised> {
        if self.raised {
            return Err(Raised);
        }
        if self.flash.is_none() && self.ioctl(op, 0).is_err() {
            self.raised = true;
            return Err(Raised);
        }
        Ok(())
    }

    /// An `ioctl` whose answer is 0 or a negative error number.
    fn answer(&mut self, op: i64, arg: i64, must_answer: bool) -> i32 {
        match self.ioctl(op, arg) {
            Ok(Some(code)) => code as i32,
            Ok(None) if must_answer => {
                self.raised = true;
                self.vm.type_error("can't convert NoneType to int");
                -EIO
            }
            Ok(None) => 0,
            Err(Raised) => self.failed(),
        }
    }

    fn failed(&mut self) -> i32 {
        self.raised = true;
        -EIO
    }

    /// Calls `readblocks` or `writeblocks` with a buffer, which is given back.
    fn transfer(
        &mut self,
        method: &str,
        block: u32,
        buffer: &mut [u8],
        at: Option<u32>,
    ) -> Result<i32, Raised> {
        let mark = self.vm.mark();
        let held = self.vm.new_bytearray(buffer)?;
        let view_type = types::MEMORYVIEW.into();
        let view = self.vm.call(view_type, &[held])?;
        self.vm.root(view);
        let name = self.vm.intern(method);
        let Some((f, this)) = self.vm.load_method(self.object, name)? else {
            return Err(self.vm.attribute_error(self.object, name));
        };
        let args = [Value::int(i64::from(block)), view, Value::int(i64::from(at.unwrap_or(0)))];
        let n = if at.is_some() { 3 } else { 2 };
        let answer = self.vm.call_method(f, this, &args[..n])?;
        let code = if answer == Value::NONE { 0 } else { self.vm.expect_int(answer)? };
        let bytes = self.vm.buffer_read(held, 0, buffer.len())?;
        buffer.copy_from_slice(&bytes);
        self.vm.release(mark);
        // An answer above zero means nothing: file systems would take it for success.
        Ok(if code > 0 { -EINVAL } else { code as i32 })
    }

    fn moved(&mut self, code: Result<i32, Raised>) -> i32 {
        code.unwrap_or_else(|Raised| self.failed())
    }

    /// Reads whole blocks.
    pub(super) fn read_whole(&mut self, block: u32, into: &mut [u8]) -> i32 {
        if self.raised {
            return -EIO;
        }
        if self.flash.is_some() {
            return self.read(block, 0, into);
        }
        let code = self.transfer("readblocks", block, into, None);
        self.moved(code)
    }

    /// Writes whole blocks, which need not be erased.
    pub(super) fn write_whole(&mut self, block: u32, bytes: &[u8]) -> i32 {
        if self.raised {
            return -EIO;
        }
        if !self.can_write() {
            return -EROFS;
        }
        if let Some(region) = self.flash {
            let at = self.byte(block, 0);
            return region.replace(Chip::of(self.vm), at, bytes);
        }
        let code = self.transfer("writeblocks", block, &mut bytes.to_vec(), None);
        self.moved(code)
    }

    /// Whether writing is allowed, and the object has a `writeblocks`.
    pub(super) fn can_write(&mut self) -> bool {
        if self.readonly {
            return false;
        }
        let name = self.vm.intern("writeblocks");
        self.flash.is_some() || matches!(self.vm.load_method(self.object, name), Ok(Some(_)))
    }

    /// The machine, between two accesses.
    pub(super) fn vm(&mut self) -> &mut Vm {
        self.vm
    }

    fn byte(&self, block: u32, at: u32) -> u32 {
        block.saturating_mul(self.block_size).saturating_add(at)
    }
}

/// Whether an object speaks the protocol with `ioctl`.
fn has_ioctl(vm: &mut Vm, object: Value) -> Result<bool, Raised> {
    let name = vm.intern("ioctl");
    Ok(vm.load_method(object, name)?.is_some())
}

impl Blocks for Device<'_> {
    fn read(&mut self, block: u32, at: u32, into: &mut [u8]) -> i32 {
        if self.raised {
            return -EIO;
        }
        if let Some(region) = self.flash {
            let at = self.byte(block, at);
            return region.read(Chip::of(self.vm), at, into);
        }
        let code = self.transfer("readblocks", block, into, Some(at));
        self.moved(code)
    }

    fn program(&mut self, block: u32, at: u32, bytes: &[u8]) -> i32 {
        if self.raised {
            return -EIO;
        }
        if !self.can_write() {
            return -EROFS;
        }
        if let Some(region) = self.flash {
            let at = self.byte(block, at);
            return region.program(Chip::of(self.vm), at, bytes);
        }
        let mut bytes = vec::Vec::from(bytes);
        let code = self.transfer("writeblocks", block, &mut bytes, Some(at));
        self.moved(code)
    }

    fn erase(&mut self, block: u32) -> i32 {
        if self.raised {
            return -EIO;
        }
        if let Some(region) = self.flash {
            let at = self.byte(block, 0);
            return region.erase(Chip::of(self.vm), at, self.block_size);
        }
        self.answer(ERASE, i64::from(block), true)
    }

    fn sync(&mut self) -> i32 {
        if self.raised {
            return -EIO;
        }
        if self.flash.is_some() {
            return 0;
        }
        self.answer(SYNC, 0, false)
    }
}

//! Functions marked `viper`: values that are not objects, and their types.
//!
//! A typed value is in a register or known now. Ints are kept as the signed number of their 32
//! bits, whatever their type; addresses are such ints. Everything that has no typed form goes the
//! way of other functions, which ask here for objects. As in the reference a type error is noted
//! and told at the end of its statement, so that the last of a statement counts.

mod expr;
mod stmt;

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::Gen;
use crate::ast::{Annotation, Function, Name, ParamKind};
use crate::bytecode::{CodeFlags, Op};
use crate::error::{CompileError, ErrorKind, Result};
use crate::scope::{IdKind, Scope};

/// What a value of a viper function is; the numbers are those of `ToNative` and `ToObject`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Type {
    Object = 0,
    Bool = 1,
    Int = 2,
    Uint = 3,
    Ptr = 4,
    Ptr8 = 5,
    Ptr16 = 6,
    Ptr32 = 7,
    /// The literal `None`.
    None,
    /// A local that nothing was assigned to yet.
    #[default]
    Unbound,
    /// The name of a type, which converts when it is called.
    Cast,
}

/// The types that annotations and casts name.
const NAMED: &[(&str, Type)] = &[
    ("object", Type::Object),
    ("bool", Type::Bool),
    ("int", Type::Int),
    ("uint", Type::Uint),
    ("ptr", Type::Ptr),
    ("ptr8", Type::Ptr8),
    ("ptr16", Type::Ptr16),
    ("ptr32", Type::Ptr32),
];

impl Type {
    pub(super) fn named(name: &str) -> Option<Self> {
        NAMED.iter().find(|(n, _)| *n == name).map(|(_, ty)| *ty)
    }

    fn name(self) -> &'static str {
        NAMED.iter().find(|(_, ty)| *ty == self).map_or("None", |(n, _)| *n)
    }

    fn is_int(self) -> bool {
        matches!(self, Self::Int | Self::Uint)
    }

    /// Whether a value of it is not an object.
    fn is_native(self) -> bool {
        !matches!(self, Self::Object | Self::Unbound)
    }

    /// Log2 of the bytes that it points at.
    fn item_shift(self) -> Option<usize> {
        match self {
            Self::Ptr8 => Some(0),
            Self::Ptr16 => Some(1),
            Self::Ptr32 => Some(2),
            _ => None,
        }
    }
}

/// Where a typed value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Reg(u8),
    /// Known now; of a cast the number of its type.
    Now(i32),
}

#[derive(Clone, Copy, Debug)]
struct Typed {
    ty: Type,
    place: Place,
}

/// What is known about the viper function at hand.
#[derive(Debug)]
pub(super) struct Viper {
    /// Types of the registers of variables.
    types: Vec<Type>,
    returns: Type,
    error: Option<Box<CompileError>>,
}

impl Viper {
    /// For a unit with these flags: nothing if it is not a viper function.
    pub(super) fn new(scope: &Scope, flags: u16) -> Option<Self> {
        if flags & CodeFlags::VIPER == 0 {
            return None;
        }
        let mut types = alloc::vec![Type::Unbound; usize::from(scope.registers)];
        for id in &scope.ids {
            if let (true, Some(ty)) = (id.is_param, types.get_mut(usize::from(id.reg))) {
                *ty = Type::Object;
            }
        }
        Some(Self { types, returns: Type::Object, error: None })
    }
}

/// An error that is raised as it stands, without a line.
pub(super) fn not_implemented(message: &str) -> CompileError {
    CompileError::new(ErrorKind::NotImplemented, message, 0)
}

impl<'a> Gen<'a> {
    pub(super) fn is_viper(&self) -> bool {
        self.unit.viper.is_some()
    }

    /// Whether the emitter of machine code would make this unit on a board.
    pub(super) fn is_native(&self) -> bool {
        self.unit.flags & (CodeFlags::NATIVE | CodeFlags::VIPER) != 0
    }

    /// Refuses what machine code cannot do.
    pub(super) fn native_lacks(&self, what: &str) -> Result<()> {
        if self.is_native() { Err(not_implemented(what)) } else { Ok(()) }
    }

    /// Notes a type error of the statement at hand.
    fn type_error(&mut self, message: String) {
        if let Some(viper) = &mut self.unit.viper {
            viper.error = Some(Box::new(CompileError::new(ErrorKind::ViperType, message, 0)));
        }
    }

    /// Whether the statement that has just been compiled had a type error; it gets its line if
    /// the statement is one of several.
    pub(super) fn viper_failed(&mut self, line: u32, several: bool) -> bool {
        let Some(error) = self.unit.viper.as_mut().and_then(|v| v.error.as_mut()) else {
            return false;
        };
        if several && error.line == 0 {
            error.line = line;
        }
        true
    }

    /// Starts a viper function: arguments become what their annotations say.
    pub(super) fn viper_entry(&mut self, node: &Function) -> Result<()> {
        if !self.is_viper() {
            return Ok(());
        }
        if self.scope().generator {
            return Err(not_implemented("native yield"));
        }
        let returns = self.annotated(node.returns);
        if let Some(viper) = &mut self.unit.viper {
            viper.returns = returns;
        }
        for param in &node.params {
            let ParamKind::Plain { name, .. } = param.kind else { break };
            let ty = self.annotated(param.annotation);
            let Some(id) = self.scope().find(name).copied() else { continue };
            if ty == Type::Object {
                continue;
            }
            if id.kind == IdKind::Local {
                self.emit(Op::ToNative, id.reg, id.reg, ty as u8);
                self.set_type(id.reg, ty);
            } else {
                // What other functions share is an object.
                let mark = self.mark();
                let reg = self.temp()?;
                let text = self.spelling(name);
                self.emit_name(Op::LoadCell, reg, id.reg, text)?;
                self.emit(Op::ToNative, reg, reg, ty as u8);
                self.emit(Op::ToObject, reg, reg, ty as u8);
                self.emit(Op::StoreCell, id.reg, reg, 0);
                self.release(mark);
            }
        }
        Ok(())
    }

    /// Ends a viper function: tells its error.
    pub(super) fn viper_exit(&mut self, line: u32) -> Result<()> {
        match self.unit.viper.as_mut().and_then(|v| v.error.take()) {
            None => Ok(()),
            Some(mut error) => {
                error.line = if error.line == 0 { line } else { error.line };
                Err(*error)
            }
        }
    }

    fn annotated(&self, annotation: Annotation) -> Type {
        match annotation {
            Annotation::Name(name) => Type::named(&self.spelling(name)).unwrap_or_default(),
            _ => Type::Object,
        }
    }

    fn type_of_register(&self, reg: u8) -> Type {
        let viper = self.unit.viper.as_ref();
        viper.and_then(|v| v.types.get(usize::from(reg))).copied().unwrap_or(Type::Object)
    }

    fn set_type(&mut self, reg: u8, ty: Type) {
        let viper = self.unit.viper.as_mut();
        if let Some(slot) = viper.and_then(|v| v.types.get_mut(usize::from(reg))) {
            *slot = ty;
        }
    }

    /// Whether a local can be read and written as an object where it is.
    pub(super) fn is_object_register(&self, reg: u8) -> bool {
        !self.is_viper() || self.type_of_register(reg) == Type::Object
    }

    /// The cast that a name stands for where nothing nearer has it.
    fn cast_of(&self, name: Name) -> Option<Type> {
        let near = self.scope().find(name).map(|id| id.kind);
        if matches!(near, Some(IdKind::Local | IdKind::Cell | IdKind::Free)) {
            return None;
        }
        Type::named(&self.spelling(name)).filter(|ty| *ty != Type::Object)
    }

    // Values.

    /// The register of a native value.
    fn native(&mut self, value: Typed) -> Result<u8> {
        match value.place {
            Place::Reg(reg) => Ok(reg),
            Place::Now(_) => {
                let reg = self.temp()?;
                self.native_to(value, reg)?;
                Ok(reg)
            }
        }
    }

    /// Puts a value into a register as it is.
    fn native_to(&mut self, value: Typed, dst: u8) -> Result<()> {
        match value.place {
            Place::Reg(reg) => self.move_to(dst, reg),
            Place::Now(number) => self.number(i64::from(number), dst)?,
        }
        Ok(())
    }

    fn number(&mut self, number: i64, dst: u8) -> Result<()> {
        self.load_constant(&crate::bytecode::Const::Int(number), dst)
    }

    /// Puts a value into a register as an object, as arguments and items are.
    fn object_to(&mut self, value: Typed, dst: u8) -> Result<()> {
        let Place::Now(number) = value.place else {
            return self.converted_to(value, dst);
        };
        match value.ty {
            Type::Bool => self.bool(number != 0, dst),
            Type::Int | Type::Uint => self.number(i64::from(number), dst)?,
            Type::None => self.emit(Op::LoadNone, dst, 0, 0),
            _ => return Err(not_implemented("conversion to object")),
        }
        Ok(())
    }

    fn bool(&mut self, value: bool, dst: u8) {
        self.emit(if value { Op::LoadTrue } else { Op::LoadFalse }, dst, 0, 0);
    }

    /// Puts a value into a register as an object by its bits and its type alone: `None` is the
    /// number zero then.
    fn converted_to(&mut self, value: Typed, dst: u8) -> Result<()> {
        match (value.place, value.ty) {
            (Place::Reg(reg), Type::Object | Type::Unbound | Type::Int | Type::None) => {
                self.move_to(dst, reg);
            }
            (_, Type::Cast) => return Err(not_implemented("conversion to object")),
            (Place::Reg(reg), ty) => self.emit(Op::ToObject, dst, reg, ty as u8),
            (Place::Now(number), Type::Bool) => self.bool(number != 0, dst),
            (Place::Now(number), Type::Int) => self.number(i64::from(number), dst)?,
            (Place::Now(number), _) => self.number(i64::from(number as u32), dst)?,
        }
        Ok(())
    }

    /// A value as an object in some register.
    fn object(&mut self, value: Typed) -> Result<u8> {
        match value {
            Typed { ty: Type::Object | Type::Unbound, place: Place::Reg(reg) } => Ok(reg),
            _ => {
                let reg = self.temp()?;
                self.object_to(value, reg)?;
                Ok(reg)
            }
        }
    }

    // Variables.

    /// The value of a plain local.
    fn local_value(&mut self, name: Name, reg: u8) -> Result<Typed> {
        let mut ty = self.type_of_register(reg);
        if ty == Type::Unbound {
            let text = self.spelling(name);
            self.type_error(format!("local '{text}' used before type known"));
            ty = Type::Object;
        }
        self.check_local(name, reg)?;
        if self.scope().walrus {
            let copy = self.temp()?;
            self.move_to(copy, reg);
            return Ok(Typed { ty, place: Place::Reg(copy) });
        }
        Ok(Typed { ty, place: Place::Reg(reg) })
    }

    /// Loads a plain local as an object.
    pub(super) fn load_typed_local(&mut self, name: Name, reg: u8, dst: u8) -> Result<()> {
        let mark = self.mark();
        let value = self.local_value(name, reg)?;
        self.object_to(value, dst)?;
        self.release(mark);
        Ok(())
    }

    /// Stores an object into a plain local.
    pub(super) fn store_typed_local(&mut self, name: Name, reg: u8, src: u8) -> Result<()> {
        self.store_local(name, reg, Typed { ty: Type::Object, place: Place::Reg(src) })
    }

    /// What `del` does to a local of machine code: `None` takes its place.
    pub(super) fn forget_local(&mut self, name: Name, reg: u8) -> Result<()> {
        if self.is_viper() {
            return self.store_local(name, reg, Typed { ty: Type::None, place: Place::Now(0) });
        }
        self.emit(Op::LoadNone, reg, 0, 0);
        Ok(())
    }

    fn store_local(&mut self, name: Name, reg: u8, value: Typed) -> Result<()> {
        let have = self.type_of_register(reg);
        if have == Type::Unbound {
            self.set_type(reg, value.ty);
        } else if have != value.ty {
            let text = self.spelling(name);
            let (have, ty) = (have.name(), value.ty.name());
            self.type_error(format!("local '{text}' has type '{have}' but source is '{ty}'"));
        }
        self.native_to(value, reg)?;
        self.mark_assigned(name, reg);
        Ok(())
    }
}

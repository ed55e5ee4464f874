//! Typed expressions.

use alloc::format;
use alloc::string::String;

use super::{Gen, Place, Type, Typed, not_implemented};
use crate::ast::{Arg, BinaryOp, CompareOp, Expr, ExprKind, IfElse, Trailer, TrailerKind, UnaryOp};
use crate::bytecode::asm::Label;
use crate::bytecode::{Const, Op};
use crate::error::Result;

/// Ints that the chip's words hold beside a tag; larger ones are objects.
const SMALL: core::ops::Range<i64> = -(1 << 30)..1 << 30;

impl<'a> Gen<'a> {
    /// Whether an expression may have a value that is not an object.
    pub(in crate::codegen) fn may_be_typed(&self, value: &Expr) -> bool {
        self.is_viper()
            && matches!(
                value.kind,
                ExprKind::Name(_)
                    | ExprKind::Const(_)
                    | ExprKind::IfElse(_)
                    | ExprKind::Logic(..)
                    | ExprKind::Not(_)
                    | ExprKind::Compare(..)
                    | ExprKind::Binary(..)
                    | ExprKind::Unary(..)
                    | ExprKind::Chain(..)
                    | ExprKind::Walrus(..)
            )
    }

    /// A typed expression as an object.
    pub(in crate::codegen) fn typed_to_object(&mut self, value: &'a Expr, dst: u8) -> Result<()> {
        let value = self.typed(value, None)?;
        self.object_to(value, dst)
    }

    /// Computes for the effects only.
    pub(in crate::codegen) fn typed_discard(&mut self, value: &'a Expr) -> Result<()> {
        self.typed(value, None).map(|_| ())
    }

    /// The value of an expression. A result that needs a register goes to the hint, if there is
    /// one, which is written last.
    pub(super) fn typed(&mut self, value: &'a Expr, hint: Option<u8>) -> Result<Typed> {
        if !matches!(value.kind, ExprKind::Name(_)) {
            self.set_line(value.line);
        }
        match &value.kind {
            ExprKind::Name(name) => {
                if let Some(ty) = self.cast_of(*name) {
                    return Ok(Typed { ty: Type::Cast, place: Place::Now(ty as i32) });
                }
                if let Some(reg) = self.local_register(*name) {
                    return self.local_value(*name, reg);
                }
                let dst = self.result(hint)?;
                self.load_name(*name, dst)?;
                Ok(Typed { ty: Type::Object, place: Place::Reg(dst) })
            }
            ExprKind::Const(constant) => self.typed_constant(constant, hint),
            ExprKind::IfElse(node) => self.typed_if_else(value, node, hint),
            ExprKind::Logic(is_or, items) => self.typed_logic(value, *is_or, items, hint),
            ExprKind::Not(inner) => {
                let inner = self.typed(inner, None)?;
                self.typed_not(inner, hint)
            }
            ExprKind::Compare(first, rest) => self.typed_compare(first, rest, hint),
            ExprKind::Binary(first, rest) => {
                let mut left = self.typed(first, None)?;
                for (i, (op, operand)) in rest.iter().enumerate() {
                    let right = self.typed(operand, None)?;
                    let hint = hint.filter(|_| i + 1 == rest.len());
                    left = self.typed_binary(*op, false, left, right, hint)?;
                }
                Ok(left)
            }
            ExprKind::Unary(op, inner) => {
                let inner = self.typed(inner, None)?;
                self.typed_unary(*op, inner, hint)
            }
            ExprKind::Chain(base, trailers) => self.typed_chain(base, trailers, hint),
            ExprKind::Walrus(target, inner) => {
                let inner = self.typed(inner, None)?;
                self.store_typed(target, inner)?;
                Ok(inner)
            }
            _ => {
                let dst = self.result(hint)?;
                self.expr_object(value, dst)?;
                Ok(Typed { ty: Type::Object, place: Place::Reg(dst) })
            }
        }
    }

    pub(super) fn result(&mut self, hint: Option<u8>) -> Result<u8> {
        match hint {
            Some(reg) => Ok(reg),
            None => self.temp(),
        }
    }

    fn typed_constant(&mut self, constant: &Const, hint: Option<u8>) -> Result<Typed> {
        let (ty, number) = match constant {
            Const::None => (Type::None, 0),
            Const::Bool(b) => (Type::Bool, i32::from(*b)),
            Const::Int(i) if SMALL.contains(i) => (Type::Int, *i as i32),
            _ => {
                let dst = self.result(hint)?;
                self.load_constant(constant, dst)?;
                return Ok(Typed { ty: Type::Object, place: Place::Reg(dst) });
            }
        };
        Ok(Typed { ty, place: Place::Now(number) })
    }

    /// The type that an expression will have.
    pub(super) fn type_of(&self, value: &Expr) -> Type {
        match &value.kind {
            ExprKind::Name(name) => match (self.cast_of(*name), self.local_register(*name)) {
                (Some(_), _) => Type::Cast,
                (_, Some(reg)) => self.type_of_register(reg),
                _ => Type::Object,
            },
            ExprKind::Const(Const::None) => Type::None,
            ExprKind::Const(Const::Bool(_)) => Type::Bool,
            ExprKind::Const(Const::Int(i)) if SMALL.contains(i) => Type::Int,
            ExprKind::IfElse(node) => self.common_type([&node.then, &node.otherwise]),
            ExprKind::Logic(_, items) => self.common_type(items.iter()),
            ExprKind::Compare(first, rest) => match rest.as_slice() {
                [(_, operand)]
                    if self.type_of(first).is_int() && self.type_of(operand).is_int() =>
                {
                    Type::Bool
                }
                [_] => Type::Object,
                _ if self.type_of(first).is_int()
                    && rest.iter().all(|(_, operand)| self.type_of(operand).is_int()) =>
                {
                    Type::Bool
                }
                _ => Type::Object,
            },
            ExprKind::Binary(first, rest) => {
                let first = self.type_of(first);
                let ints = first.is_int() && rest.iter().all(|(_, r)| self.type_of(r).is_int());
                if ints { first } else { Type::Object }
            }
            ExprKind::Unary(_, inner) => match self.type_of(inner) {
                ty if ty.is_int() => ty,
                _ => Type::Object,
            },
            ExprKind::Walrus(_, inner) => self.type_of(inner),
            ExprKind::Chain(base, trailers) => {
                let mut ty = self.type_of(base);
                for (i, trailer) in trailers.iter().enumerate() {
                    ty = match &trailer.kind {
                        TrailerKind::Call(_) if i == 0 && ty == Type::Cast => match base.kind {
                            ExprKind::Name(name) => self.cast_of(name).unwrap_or_default(),
                            _ => Type::Object,
                        },
                        TrailerKind::Index(_) if ty.is_native() => Type::Int,
                        _ => return Type::Object,
                    };
                }
                ty
            }
            _ => Type::Object,
        }
    }

    fn common_type<'b>(&self, items: impl IntoIterator<Item = &'b Expr>) -> Type {
        // As in the reference the last counts, unless it would pass an object for something else.
        let mut ty = None;
        for item in items {
            ty = match (ty, self.type_of(item)) {
                (None, last) => Some(last),
                (Some(ty), last) if ty.is_native() && last.is_native() => Some(last),
                _ => Some(Type::Object),
            };
        }
        ty.unwrap_or(Type::Object)
    }

    /// Puts a value into a register as one of this type.
    fn put_as(&mut self, value: Typed, ty: Type, dst: u8) -> Result<()> {
        if ty == Type::Object { self.object_to(value, dst) } else { self.native_to(value, dst) }
    }

    fn typed_if_else(
        &mut self,
        value: &'a Expr,
        node: &'a IfElse,
        hint: Option<u8>,
    ) -> Result<Typed> {
        let ty = self.type_of(value);
        let dst = self.result(hint)?;
        let (fail, end) = (self.unit.asm.label(), self.unit.asm.label());
        self.condition(&node.condition, false, fail)?;
        let before = self.unit.assigned;
        let mark = self.mark();
        let then = self.typed(&node.then, None)?;
        self.put_as(then, ty, dst)?;
        self.release(mark);
        self.unit.asm.jump(end);
        self.unit.asm.bind(fail);
        self.unit.assigned = before;
        let otherwise = self.typed(&node.otherwise, None)?;
        self.put_as(otherwise, ty, dst)?;
        self.release(mark);
        self.unit.asm.bind(end);
        self.unit.assigned = before;
        Ok(Typed { ty, place: Place::Reg(dst) })
    }

    fn typed_logic(
        &mut self,
        value: &'a Expr,
        is_or: bool,
        items: &'a [Expr],
        hint: Option<u8>,
    ) -> Result<Typed> {
        let ty = self.type_of(value);
        let end = self.unit.asm.label();
        // Partial results must not be seen in a local.
        let partial = self.temp()?;
        let mark = self.mark();
        let mut before = None;
        for (i, item) in items.iter().enumerate() {
            let item = self.typed(item, None)?;
            let more = i + 1 < items.len();
            if more {
                self.check_truth(item.ty);
            }
            self.put_as(item, ty, partial)?;
            self.release(mark);
            if more {
                let op = if is_or { Op::JTrue } else { Op::JFalse };
                self.unit.asm.branch(op, [partial, 0, 0], end);
            }
            before.get_or_insert(self.unit.assigned);
        }
        self.unit.asm.bind(end);
        if let Some(state) = before {
            self.unit.assigned = state;
        }
        let dst = hint.unwrap_or(partial);
        self.move_to(dst, partial);
        Ok(Typed { ty, place: Place::Reg(dst) })
    }

    fn check_truth(&mut self, ty: Type) {
        if !matches!(ty, Type::Object | Type::Bool | Type::Int | Type::Uint) {
            self.type_error(format!("can't implicitly convert '{}' to 'bool'", ty.name()));
        }
    }

    fn typed_not(&mut self, inner: Typed, hint: Option<u8>) -> Result<Typed> {
        let dst = self.result(hint)?;
        match inner.ty {
            ty if ty.is_int() => self.type_error(String::from("'not' not implemented")),
            Type::Object => {
                let reg = self.object(inner)?;
                self.emit(Op::Not, dst, reg, 0);
            }
            ty => self.type_error(format!("can't do unary op of '{}'", ty.name())),
        }
        Ok(Typed { ty: inner.ty, place: Place::Reg(dst) })
    }

    fn typed_unary(&mut self, op: UnaryOp, inner: Typed, hint: Option<u8>) -> Result<Typed> {
        if inner.ty.is_int() && op == UnaryOp::Pos {
            return Ok(inner);
        }
        let reg = self.native(inner)?;
        let dst = self.result(hint)?;
        let op = match (op, inner.ty.is_int()) {
            (UnaryOp::Neg, true) => Op::IntNeg,
            (UnaryOp::Invert, true) => Op::IntInvert,
            (UnaryOp::Neg, false) => Op::Neg,
            (UnaryOp::Invert, false) => Op::Invert,
            (UnaryOp::Pos, _) => Op::Pos,
        };
        if !inner.ty.is_int() && inner.ty != Type::Object {
            self.type_error(format!("can't do unary op of '{}'", inner.ty.name()));
        }
        self.emit(op, dst, reg, 0);
        Ok(Typed { ty: inner.ty, place: Place::Reg(dst) })
    }

    /// Whether both are ints, or both objects; anything else is an error.
    fn operands(&mut self, left: Type, right: Type) -> Option<bool> {
        if left.is_int() && right.is_int() {
            return Some(true);
        }
        if left == Type::Object && right == Type::Object {
            return Some(false);
        }
        let (left, right) = (left.name(), right.name());
        self.type_error(format!("can't do binary op between '{left}' and '{right}'"));
        None
    }

    pub(super) fn typed_binary(
        &mut self,
        op: BinaryOp,
        in_place: bool,
        left: Typed,
        right: Typed,
        hint: Option<u8>,
    ) -> Result<Typed> {
        let ints = self.operands(left.ty, right.ty);
        let mark = self.mark();
        let (a, b) = match (ints, immediate(op, right)) {
            (Some(true), Some((op, number))) => {
                let reg = self.native(left)?;
                self.release(mark);
                let dst = self.result(hint)?;
                self.emit(op, dst, reg, number);
                return Ok(Typed { ty: left.ty, place: Place::Reg(dst) });
            }
            _ => (self.native(left)?, self.native(right)?),
        };
        self.release(mark);
        let dst = self.result(hint)?;
        match ints {
            Some(true) => {
                let op = self.int_op(op, left.ty);
                self.emit(op, dst, a, b);
                if matches!(op, Op::IntFloorDiv | Op::IntMod) {
                    return Ok(Typed { ty: Type::Int, place: Place::Reg(dst) });
                }
            }
            Some(false) => {
                let op = super::super::assign::operator(op, in_place);
                self.emit(op, dst, a, b);
            }
            None => {}
        }
        Ok(Typed { ty: left.ty, place: Place::Reg(dst) })
    }

    fn int_op(&mut self, op: BinaryOp, left: Type) -> Op {
        match op {
            BinaryOp::Add => Op::IntAdd,
            BinaryOp::Sub => Op::IntSub,
            BinaryOp::Mul => Op::IntMul,
            BinaryOp::And => Op::IntAnd,
            BinaryOp::Or => Op::IntOr,
            BinaryOp::Xor => Op::IntXor,
            BinaryOp::LShift => Op::IntShl,
            BinaryOp::RShift if left == Type::Uint => Op::IntShrU,
            BinaryOp::RShift => Op::IntShr,
            BinaryOp::FloorDiv | BinaryOp::Mod => {
                if left == Type::Uint {
                    self.type_error(String::from("div/mod not implemented for uint"));
                }
                if op == BinaryOp::Mod { Op::IntMod } else { Op::IntFloorDiv }
            }
            BinaryOp::TrueDiv => self.no_int_op("__truediv__"),
            BinaryOp::Pow => self.no_int_op("__pow__"),
            BinaryOp::MatMul => self.no_int_op("__matmul__"),
        }
    }

    fn no_int_op(&mut self, method: &str) -> Op {
        self.type_error(format!("binary op {method} not implemented"));
        Op::IntAdd
    }

    // Comparisons.

    /// One comparison into a register; gives the type of its result.
    fn compare_into(&mut self, op: CompareOp, left: Typed, right: Typed, dst: u8) -> Result<Type> {
        match self.operands(left.ty, right.ty) {
            Some(true) => {
                let (a, b) = (self.native(left)?, self.native(right)?);
                match self.int_compare(op, left.ty, right.ty) {
                    Some((op, false)) => self.emit(op, dst, a, b),
                    Some((op, true)) => self.emit(op, dst, b, a),
                    // What the error is about stays in place of a result.
                    None => return Ok(left.ty),
                }
                Ok(Type::Bool)
            }
            Some(false) => {
                let (a, b) = (self.native(left)?, self.native(right)?);
                self.emit(super::super::expr::compare_op(op), dst, a, b);
                Ok(Type::Object)
            }
            None => Ok(left.ty),
        }
    }

    /// The opcode of a comparison of ints, and whether its operands change places.
    fn int_compare(&mut self, op: CompareOp, left: Type, right: Type) -> Option<(Op, bool)> {
        let unsigned = left == Type::Uint;
        let less = if unsigned { Op::IntLtU } else { Op::IntLt };
        let less_equal = if unsigned { Op::IntLeU } else { Op::IntLe };
        let chosen = match op {
            CompareOp::Lt => (less, false),
            CompareOp::Gt => (less, true),
            CompareOp::Le => (less_equal, false),
            CompareOp::Ge => (less_equal, true),
            CompareOp::Eq => (Op::IntEq, false),
            CompareOp::Ne => (Op::IntNe, false),
            CompareOp::In | CompareOp::NotIn | CompareOp::Is | CompareOp::IsNot => {
                self.no_int_op("");
                return None;
            }
        };
        if left != right {
            self.type_error(String::from("comparison of int and uint"));
        }
        Some(chosen)
    }

    fn typed_compare(
        &mut self,
        first: &'a Expr,
        rest: &'a [(CompareOp, Expr)],
        hint: Option<u8>,
    ) -> Result<Typed> {
        if let [(op, operand)] = rest {
            let mark = self.mark();
            let left = self.typed(first, None)?;
            let right = self.typed(operand, None)?;
            let scratch = self.mark();
            let dst = self.result(hint)?;
            let ty = self.compare_into(*op, left, right, dst)?;
            self.release(if hint.is_some() { mark } else { scratch.max(dst + 1) });
            return Ok(Typed { ty, place: Place::Reg(dst) });
        }
        let (result, end) = (self.temp()?, self.unit.asm.label());
        let mut left = self.typed(first, None)?;
        let (mut ty, mut before) = (Type::Object, None);
        for (i, (op, operand)) in rest.iter().enumerate() {
            let right = self.typed(operand, None)?;
            ty = self.compare_into(*op, left, right, result)?;
            before.get_or_insert(self.unit.assigned);
            if i + 1 < rest.len() {
                self.unit.asm.branch(Op::JFalse, [result, 0, 0], end);
            }
            left = right;
        }
        self.unit.asm.bind(end);
        if let Some(state) = before {
            self.unit.assigned = state;
        }
        Ok(Typed { ty, place: Place::Reg(result) })
    }

    /// Jumps if the truth of a value is `sense`.
    pub(in crate::codegen) fn typed_condition(
        &mut self,
        value: &'a Expr,
        sense: bool,
        label: Label,
    ) -> Result<()> {
        if let ExprKind::Compare(first, rest) = &value.kind
            && let [(op, operand)] = rest.as_slice()
        {
            let left = self.typed(first, None)?;
            let right = self.typed(operand, None)?;
            return self.compare_jump_typed(*op, left, right, sense, label);
        }
        let value = self.typed(value, None)?;
        self.check_truth(value.ty);
        let reg = self.native(value)?;
        let op = if sense { Op::JTrue } else { Op::JFalse };
        self.unit.asm.branch(op, [reg, 0, 0], label);
        Ok(())
    }

    pub(super) fn compare_jump_typed(
        &mut self,
        op: CompareOp,
        left: Typed,
        right: Typed,
        sense: bool,
        label: Label,
    ) -> Result<()> {
        let ordered = matches!(op, CompareOp::Eq | CompareOp::Ne);
        if left.ty == right.ty && (left.ty == Type::Int || ordered && left.ty == Type::Uint) {
            let a = self.native(left)?;
            if let Place::Now(number) = right.place
                && let (Some(op), Ok(number)) =
                    (super::super::condition::immediate_jump(op), u8::try_from(number))
            {
                self.unit.asm.branch(op, [a, number, u8::from(sense)], label);
                return Ok(());
            }
            if !matches!(op, CompareOp::In | CompareOp::NotIn | CompareOp::Is | CompareOp::IsNot) {
                let b = self.native(right)?;
                self.compare_registers(op, a, b, sense, label);
                return Ok(());
            }
        }
        if left.ty == Type::Object && right.ty == Type::Object {
            let (a, b) = (self.native(left)?, self.native(right)?);
            self.compare_registers(op, a, b, sense, label);
            return Ok(());
        }
        let dst = self.temp()?;
        let ty = self.compare_into(op, left, right, dst)?;
        self.check_truth(ty);
        let op = if sense { Op::JTrue } else { Op::JFalse };
        self.unit.asm.branch(op, [dst, 0, 0], label);
        Ok(())
    }

    // Chains.

    pub(super) fn typed_chain(
        &mut self,
        base: &'a Expr,
        trailers: &'a [Trailer],
        hint: Option<u8>,
    ) -> Result<Typed> {
        let plain = !self.may_be_typed(base) || self.type_of(base) == Type::Object;
        if plain || trailers.is_empty() {
            let dst = self.result(hint)?;
            self.chain(base, trailers, dst)?;
            return Ok(Typed { ty: Type::Object, place: Place::Reg(dst) });
        }
        let mut value = self.typed(base, None)?;
        let mut rest = trailers;
        while let Some((trailer, more)) = rest.split_first() {
            let hint = hint.filter(|_| more.is_empty());
            value = match &trailer.kind {
                TrailerKind::Call(args) if value.ty == Type::Cast => {
                    let [Arg::Plain(arg) | Arg::Bare(arg)] = args.as_slice() else {
                        return Err(not_implemented("conversion to object"));
                    };
                    let Place::Now(to) = value.place else { break };
                    let arg = self.typed(arg, None)?;
                    self.cast(to, arg, hint)?
                }
                TrailerKind::Index(index) if value.ty.is_native() => {
                    let index = self.typed(index, None)?;
                    self.load_pointed(value, index, hint)?
                }
                _ => break,
            };
            rest = more;
        }
        if rest.is_empty() {
            return Ok(value);
        }
        let object = self.object(value)?;
        let dst = self.result(hint)?;
        self.chain_from(object, rest, dst)?;
        Ok(Typed { ty: Type::Object, place: Place::Reg(dst) })
    }

    fn cast(&mut self, to: i32, value: Typed, hint: Option<u8>) -> Result<Typed> {
        let number = u8::try_from(to).unwrap_or(0);
        let all = [
            Type::Object,
            Type::Bool,
            Type::Int,
            Type::Uint,
            Type::Ptr,
            Type::Ptr8,
            Type::Ptr16,
            Type::Ptr32,
        ];
        let ty = all.get(usize::from(number)).copied().unwrap_or_default();
        match value.ty {
            Type::Object | Type::Unbound => {
                let reg = self.object(value)?;
                let dst = self.result(hint)?;
                self.emit(Op::ToNative, dst, reg, number);
                Ok(Typed { ty, place: Place::Reg(dst) })
            }
            Type::Cast => Err(not_implemented("casting")),
            _ => Ok(Typed { ty, place: value.place }),
        }
    }

    pub(super) fn load_pointed(
        &mut self,
        base: Typed,
        index: Typed,
        hint: Option<u8>,
    ) -> Result<Typed> {
        let known = index.ty == Type::Int && matches!(index.place, Place::Now(_));
        if !known && !index.ty.is_int() {
            self.type_error(format!("can't load with '{}' index", index.ty.name()));
        }
        let (a, b) = (self.native(base)?, self.native(index)?);
        let dst = self.result(hint)?;
        match base.ty.item_shift() {
            Some(shift) => self.emit([Op::Load8, Op::Load16, Op::Load32][shift], dst, a, b),
            None => self.type_error(format!("can't load from '{}'", base.ty.name())),
        }
        Ok(Typed { ty: Type::Int, place: Place::Reg(dst) })
    }

    pub(super) fn store_pointed(&mut self, base: Typed, index: Typed, value: Typed) -> Result<()> {
        let known = index.ty == Type::Int && matches!(index.place, Place::Now(_));
        if !known && !index.ty.is_int() {
            self.type_error(format!("can't store with '{}' index", index.ty.name()));
        }
        if !matches!(value.ty, Type::Bool | Type::Int | Type::Uint) {
            self.type_error(format!("can't store '{}'", value.ty.name()));
        }
        let (a, b, c) = (self.native(base)?, self.native(index)?, self.native(value)?);
        match base.ty.item_shift() {
            Some(shift) => self.emit([Op::Store8, Op::Store16, Op::Store32][shift], a, b, c),
            None => self.type_error(format!("can't store to '{}'", base.ty.name())),
        }
        Ok(())
    }
}

/// The opcode of an operation with a small number on the right.
fn immediate(op: BinaryOp, right: Typed) -> Option<(Op, u8)> {
    let Place::Now(number) = right.place else { return None };
    let op = match op {
        BinaryOp::Add => Op::IntAddI,
        BinaryOp::Sub => Op::IntSubI,
        BinaryOp::And => Op::IntAndI,
        BinaryOp::LShift => Op::IntShlI,
        BinaryOp::RShift => return None,
        _ => return None,
    };
    u8::try_from(number).ok().map(|number| (op, number))
}

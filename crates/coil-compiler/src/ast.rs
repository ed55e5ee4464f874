//! The syntax tree.
//!
//! Owns the shape of programs; must not know registers or instructions. Chains of operators,
//! trailers and `elif`s are lists, so that the depth of the tree is the depth of nesting.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use crate::bytecode::Const;

/// An identifier: index into [`Tree::names`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Name(pub(crate) u32);

/// Number of a scope: a function, class, lambda or comprehension in order of parsing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ScopeId(pub(crate) u32);

/// A parsed source text.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) names: Vec<String>,
    pub(crate) scopes: u32,
    pub(crate) body: Body,
}

/// What a code object computes.
#[derive(Debug)]
pub(crate) enum Body {
    Block(Vec<Stmt>),
    Expr(Expr),
}

/// An expression and the line of its first token (0 where the line must not be recorded).
#[derive(Debug)]
pub(crate) struct Expr {
    pub(crate) line: u32,
    pub(crate) kind: ExprKind,
}

/// The forms of expression.
#[derive(Debug)]
pub(crate) enum ExprKind {
    Name(Name),
    Const(Const),
    FString(Vec<FPiece>),
    Tuple(Vec<Expr>),
    List(Vec<Expr>),
    Set(Vec<Expr>),
    Dict(Vec<(Expr, Expr)>),
    Comprehension(Box<Comprehension>),
    Lambda(Box<Function>),
    IfElse(Box<IfElse>),
    /// `or` if the flag is true, else `and`.
    Logic(bool, Vec<Expr>),
    Not(Box<Expr>),
    Compare(Box<Expr>, Vec<(CompareOp, Expr)>),
    Binary(Box<Expr>, Vec<(BinaryOp, Expr)>),
    Unary(UnaryOp, Box<Expr>),
    Chain(Box<Expr>, Vec<Trailer>),
    Await(Box<Expr>),
    Yield(Option<Box<Expr>>),
    YieldFrom(Box<Expr>),
    Walrus(Box<Expr>, Box<Expr>),
    Star(Box<Expr>),
    Slice(Box<[Option<Expr>; 3]>),
}

/// `then if condition else otherwise`.
#[derive(Debug)]
pub(crate) struct IfElse {
    pub(crate) condition: Expr,
    pub(crate) then: Expr,
    pub(crate) otherwise: Expr,
}

/// Part of an f-string.
#[derive(Debug)]
pub(crate) enum FPiece {
    Text(String),
    Field { value: Expr, conversion: u8, spec: Vec<Self> },
}

/// What follows an atom, with its line.
#[derive(Debug)]
pub(crate) struct Trailer {
    pub(crate) line: u32,
    pub(crate) kind: TrailerKind,
}

/// The forms of trailer.
#[derive(Debug)]
pub(crate) enum TrailerKind {
    Call(Vec<Arg>),
    Index(Expr),
    Attr(Name),
}

/// An argument of a call.
#[derive(Debug)]
pub(crate) enum Arg {
    Plain(Expr),
    /// A generator or `:=` without parentheses of its own, which may come after any other.
    Bare(Expr),
    Keyword(Expr, Expr),
    Star(Expr),
    DoubleStar(Expr),
}

/// What a comprehension makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ComprehensionKind {
    List,
    Set,
    Dict,
    Generator,
}

/// A comprehension: `item` is the element, or value of a dict's entry.
#[derive(Debug)]
pub(crate) struct Comprehension {
    pub(crate) kind: ComprehensionKind,
    pub(crate) scope: ScopeId,
    pub(crate) name: Name,
    pub(crate) line: u32,
    pub(crate) key: Option<Expr>,
    pub(crate) item: Expr,
    pub(crate) target: Expr,
    pub(crate) source: Expr,
    pub(crate) clauses: Vec<Clause>,
}

/// A clause after the first `for`.
#[derive(Debug)]
pub(crate) enum Clause {
    For(Expr, Expr),
    If(Expr),
}

/// Comparison operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CompareOp {
    Lt,
    Le,
    Gt,
    Ge,
    Eq,
    Ne,
    In,
    NotIn,
    Is,
    IsNot,
}

/// Binary operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BinaryOp {
    Add,
    Sub,
    Mul,
    TrueDiv,
    FloorDiv,
    Mod,
    Pow,
    MatMul,
    LShift,
    RShift,
    And,
    Or,
    Xor,
}

/// Unary operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnaryOp {
    Neg,
    Pos,
    Invert,
}

/// A parameter of a function.
#[derive(Debug)]
pub(crate) struct Param {
    pub(crate) line: u32,
    pub(crate) annotation: Annotation,
    pub(crate) kind: ParamKind,
}

/// The forms of parameter.
#[derive(Debug)]
pub(crate) enum ParamKind {
    Plain { name: Name, default: Option<Expr> },
    Star(Option<Name>),
    DoubleStar(Name),
}

/// A type annotation, which only matters to viper functions.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Annotation {
    None,
    Name(Name),
    Other(u32),
}

/// A function, lambda included.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) name: Name,
    pub(crate) scope: ScopeId,
    pub(crate) line: u32,
    pub(crate) params: Vec<Param>,
    pub(crate) returns: Annotation,
    pub(crate) body: Body,
    pub(crate) is_async: bool,
    pub(crate) decorators: Vec<Decorator>,
}

/// A class.
#[derive(Debug)]
pub(crate) struct Class {
    pub(crate) name: Name,
    pub(crate) scope: ScopeId,
    pub(crate) line: u32,
    pub(crate) args: Vec<Arg>,
    pub(crate) body: Vec<Stmt>,
    pub(crate) decorators: Vec<Decorator>,
}

/// `@a.b(args)`
#[derive(Debug)]
pub(crate) struct Decorator {
    pub(crate) line: u32,
    pub(crate) path: Vec<Name>,
    pub(crate) args: Option<Vec<Arg>>,
}

/// A statement and its line.
#[derive(Debug)]
pub(crate) struct Stmt {
    pub(crate) line: u32,
    pub(crate) kind: StmtKind,
}

/// The forms of statement.
#[derive(Debug)]
pub(crate) enum StmtKind {
    Expr(Expr),
    Assign(Vec<Expr>, Expr),
    Annotated(Expr, Option<Expr>),
    Augmented(Expr, BinaryOp, Expr),
    Del(Vec<Expr>),
    Pass,
    Break,
    Continue,
    Return(Option<Expr>),
    Raise(Option<(Expr, Option<Expr>)>),
    Import(Vec<(Vec<Name>, Option<Name>)>),
    ImportFrom { level: u32, module: Vec<Name>, names: Vec<(Name, Option<Name>)>, star: bool },
    Global(Vec<Name>),
    Nonlocal(Vec<Name>),
    Assert(Expr, Option<Expr>),
    If(Vec<(Expr, Vec<Stmt>)>, Vec<Stmt>),
    While(Expr, Vec<Stmt>, Vec<Stmt>),
    For(Box<For>),
    Try(Box<Try>),
    With(Box<With>),
    Function(Box<Function>),
    Class(Box<Class>),
}

/// A `for` statement.
#[derive(Debug)]
pub(crate) struct For {
    pub(crate) is_async: bool,
    pub(crate) target: Expr,
    pub(crate) source: Expr,
    pub(crate) body: Vec<Stmt>,
    pub(crate) otherwise: Vec<Stmt>,
}

/// A `try` statement.
#[derive(Debug)]
pub(crate) struct Try {
    pub(crate) body: Vec<Stmt>,
    pub(crate) excepts: Vec<Except>,
    pub(crate) otherwise: Vec<Stmt>,
    pub(crate) finally: Option<Vec<Stmt>>,
}

/// An `except` clause.
#[derive(Debug)]
pub(crate) struct Except {
    pub(crate) line: u32,
    pub(crate) class: Option<Expr>,
    pub(crate) name: Option<Name>,
    pub(crate) body: Vec<Stmt>,
}

/// A `with` statement.
#[derive(Debug)]
pub(crate) struct With {
    pub(crate) is_async: bool,
    pub(crate) items: Vec<(Expr, Option<Expr>)>,
    pub(crate) body: Vec<Stmt>,
}

impl Expr {
    /// The constant this is, if it is one.
    pub(crate) fn constant(&self) -> Option<&Const> {
        match &self.kind {
            ExprKind::Const(value) => Some(value),
            _ => None,
        }
    }

    /// The truth of the constant this is, if it is one.
    pub(crate) fn truth(&self) -> Option<bool> {
        self.constant().map(|value| match value {
            Const::None => false,
            Const::Bool(b) => *b,
            Const::Int(i) => *i != 0,
            Const::Float(f) | Const::Imag(f) => *f != 0.0,
            Const::Str(s) => !s.is_empty(),
            Const::Bytes(b) => !b.is_empty(),
            Const::Tuple(t) => !t.is_empty(),
            Const::Ellipsis | Const::BigInt(..) | Const::Name(_) | Const::Code(_) => true,
        })
    }

    /// The line for an error about this expression: 0 for those that are a single token.
    pub(crate) fn error_line(&self) -> u32 {
        match &self.kind {
            ExprKind::Name(_) => 0,
            _ => self.line,
        }
    }
}

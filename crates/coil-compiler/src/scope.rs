//! Which names are local, global or closed over, scope by scope.
//!
//! Owns name resolution and the checks that go with it; must not know instructions. Scopes are
//! visited breadth first, so that all enclosing ones are known when a name is resolved.

mod resolve;
mod visit;

use alloc::collections::{BTreeMap, VecDeque};
use alloc::string::String;
use alloc::vec::Vec;

use crate::ast::{Body, Class, Comprehension, Function, Name, Param, ParamKind, Tree};
use crate::error::{CompileError, Result};

/// What a scope belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScopeKind {
    Module,
    Function,
    Lambda,
    Class,
    Comprehension,
}

/// Where a name of a scope lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IdKind {
    /// Declared but not yet bound to anything.
    Undecided,
    /// Looked up by name, since nothing here binds it.
    GlobalImplicit,
    /// Bound by name in a module or class body.
    GlobalAssigned,
    /// Global for sure.
    Global,
    /// In a register.
    Local,
    /// In a cell made by this scope.
    Cell,
    /// In a cell of an enclosing scope.
    Free,
}

/// A name within a scope.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Id {
    pub(crate) name: Name,
    pub(crate) kind: IdKind,
    pub(crate) is_param: bool,
    /// Some statement can unbind it.
    pub(crate) deleted: bool,
    /// Some statement assigns it.
    pub(crate) stored: bool,
    /// Register of a local or of the cell.
    pub(crate) reg: u8,
}

/// What is known about a scope.
#[derive(Debug)]
pub(crate) struct Scope {
    pub(crate) kind: ScopeKind,
    pub(crate) parent: Option<usize>,
    pub(crate) name: Name,
    pub(crate) line: u32,
    pub(crate) ids: Vec<Id>,
    index: BTreeMap<Name, usize>,
    /// Positional parameters followed by keyword-only ones.
    pub(crate) params: Vec<Name>,
    pub(crate) keyword_only: usize,
    pub(crate) star: Option<Name>,
    pub(crate) double_star: Option<Name>,
    /// Free variables in the order of the enclosing scope.
    pub(crate) free: Vec<Name>,
    pub(crate) generator: bool,
    /// An expression of this scope assigns a name.
    pub(crate) walrus: bool,
    /// Registers taken by parameters, cells and locals.
    pub(crate) registers: u8,
}

/// All scopes of a tree and the spellings that matter to code generation.
#[derive(Debug)]
pub(crate) struct Scopes {
    pub(crate) scopes: Vec<Scope>,
    pub(crate) well_known: WellKnown,
}

/// Names the language gives a meaning to, if the text uses them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WellKnown {
    pub(crate) super_: Option<Name>,
    pub(crate) range: Option<Name>,
    pub(crate) class_cell: Name,
    pub(crate) iterator: Name,
}

/// What remains to be visited.
#[derive(Clone, Copy)]
enum Node<'a> {
    Body(&'a Body),
    Function(&'a Function),
    Class(&'a Class),
    Comprehension(&'a Comprehension),
}

struct Analyser<'a> {
    scopes: Vec<Scope>,
    /// Number of a scope by the order of parsing -> index in `scopes`.
    queue: VecDeque<(usize, Node<'a>)>,
    current: usize,
    loops: u32,
    statement_line: u32,
    well_known: WellKnown,
}

/// Most registers that parameters and locals of one function may take.
const MAX_LOCALS: usize = 200;

/// Resolves all names of a tree.
pub(crate) fn analyse(tree: &Tree) -> Result<Scopes> {
    let find = |text: &str| {
        let position = tree.names.iter().position(|n| n == text);
        position.and_then(|i| u32::try_from(i).ok()).map(Name)
    };
    let extra = u32::try_from(tree.names.len()).unwrap_or(u32::MAX);
    let well_known = WellKnown {
        super_: find("super"),
        range: find("range"),
        class_cell: find("__class__").unwrap_or(Name(extra)),
        iterator: Name(extra.saturating_add(1)),
    };
    let count = tree.scopes as usize;
    let mut analyser = Analyser {
        scopes: Vec::with_capacity(count),
        queue: VecDeque::new(),
        current: 0,
        loops: 0,
        statement_line: 0,
        well_known,
    };
    for _ in 0..count {
        analyser.scopes.push(Scope::new(ScopeKind::Module, None, Name(0), 0));
    }
    analyser.queue.push_back((0, Node::Body(&tree.body)));
    while let Some((scope, node)) = analyser.queue.pop_front() {
        analyser.scope(scope, node).map_err(|mut error| {
            error.block = Some(block_name(tree, &analyser.scopes[analyser.current]));
            error
        })?;
    }
    analyser.finish()?;
    Ok(Scopes { scopes: analyser.scopes, well_known })
}

/// The name a traceback gives a scope.
pub(crate) fn block_name(tree: &Tree, scope: &Scope) -> String {
    match scope.kind {
        ScopeKind::Module => String::from("<module>"),
        _ => tree.names.get(scope.name.0 as usize).cloned().unwrap_or_default(),
    }
}

impl Scope {
    fn new(kind: ScopeKind, parent: Option<usize>, name: Name, line: u32) -> Self {
        Self {
            kind,
            parent,
            name,
            line,
            ids: Vec::new(),
            index: BTreeMap::new(),
            params: Vec::new(),
            keyword_only: 0,
            star: None,
            double_star: None,
            free: Vec::new(),
            generator: false,
            walrus: false,
            registers: 0,
        }
    }

    /// The name's entry.
    pub(crate) fn find(&self, name: Name) -> Option<&Id> {
        self.index.get(&name).map(|&i| &self.ids[i])
    }

    fn find_or_add(&mut self, name: Name, kind: IdKind) -> &mut Id {
        let next = self.ids.len();
        let at = *self.index.entry(name).or_insert(next);
        if at == next {
            self.ids.push(Id {
                name,
                kind,
                is_param: false,
                deleted: false,
                stored: false,
                reg: 0,
            });
        }
        &mut self.ids[at]
    }

    /// Whether names bound here live in registers.
    pub(crate) fn is_function_like(&self) -> bool {
        !matches!(self.kind, ScopeKind::Module | ScopeKind::Class)
    }
}

impl<'a> Analyser<'a> {
    fn scope(&mut self, scope: usize, node: Node<'a>) -> Result<()> {
        self.current = scope;
        self.loops = 0;
        self.statement_line = 0;
        match node {
            Node::Body(body) => self.body(body)?,
            Node::Function(function) => {
                self.scopes[scope].generator |= function.is_async;
                self.parameters(&function.params)?;
                self.body(&function.body)?;
            }
            Node::Class(class) => {
                let cell = self.well_known.class_cell;
                self.scopes[scope].find_or_add(cell, IdKind::Local);
                self.block(&class.body)?;
            }
            Node::Comprehension(comp) => self.comprehension_body(comp)?,
        }
        self.close_over_implicit(scope);
        Ok(())
    }

    fn body(&mut self, body: &'a Body) -> Result<()> {
        match body {
            Body::Block(block) => self.block(block),
            Body::Expr(value) => self.expr(value),
        }
    }

    fn parameters(&mut self, params: &'a [Param]) -> Result<()> {
        let mut had_star = false;
        let mut keyword_only = 0;
        for param in params {
            if self.scopes[self.current].double_star.is_some() {
                return Err(CompileError::syntax("invalid syntax", param.line));
            }
            match &param.kind {
                ParamKind::Plain { name, .. } => {
                    keyword_only += usize::from(had_star);
                    self.scopes[self.current].params.push(*name);
                    self.parameter(*name, param.line)?;
                }
                ParamKind::Star(name) => {
                    if had_star {
                        return Err(CompileError::syntax("invalid syntax", param.line));
                    }
                    had_star = true;
                    self.scopes[self.current].star = *name;
                    if let Some(name) = name {
                        self.parameter(*name, param.line)?;
                    }
                }
                ParamKind::DoubleStar(name) => {
                    self.scopes[self.current].double_star = Some(*name);
                    self.parameter(*name, param.line)?;
                }
            }
        }
        self.scopes[self.current].keyword_only = keyword_only;
        Ok(())
    }

    fn parameter(&mut self, name: Name, line: u32) -> Result<()> {
        let scope = &mut self.scopes[self.current];
        if scope.find(name).is_some() {
            return Err(CompileError::syntax("argument name reused", line));
        }
        let id = scope.find_or_add(name, IdKind::Local);
        id.is_param = true;
        Ok(())
    }
}

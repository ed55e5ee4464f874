//! How uses of a name decide where it lives.

use alloc::vec::Vec;

use super::{Analyser, IdKind, MAX_LOCALS, Scope, ScopeKind};
use crate::ast::Name;
use crate::error::{CompileError, Result};

impl Analyser<'_> {
    pub(super) fn load(&mut self, name: Name) {
        self.scopes[self.current].find_or_add(name, IdKind::GlobalImplicit);
    }

    pub(super) fn store(&mut self, name: Name) {
        let current = self.current;
        self.store_in(current, name);
    }

    pub(super) fn delete(&mut self, name: Name) {
        self.store(name);
        self.scopes[self.current].find_or_add(name, IdKind::GlobalImplicit).deleted = true;
    }

    fn store_in(&mut self, scope: usize, name: Name) -> IdKind {
        let scope = &mut self.scopes[scope];
        let like = scope.is_function_like();
        let id = scope.find_or_add(name, IdKind::GlobalImplicit);
        id.stored = true;
        if id.kind == IdKind::GlobalImplicit {
            id.kind = if like { IdKind::Local } else { IdKind::GlobalAssigned };
        }
        id.kind
    }

    pub(super) fn declare_local(&mut self, name: Name) {
        self.scopes[self.current].find_or_add(name, IdKind::Local);
    }

    pub(super) fn declare_global(&mut self, name: Name) -> Result<()> {
        let line = self.statement_line;
        let id = self.scopes[self.current].find_or_add(name, IdKind::Undecided);
        if !matches!(id.kind, IdKind::Undecided | IdKind::Global) {
            return Err(CompileError::syntax("identifier redefined as global", line));
        }
        id.kind = IdKind::Global;
        if let Some(&at) = self.scopes[0].index.get(&name) {
            self.scopes[0].ids[at].kind = IdKind::Global;
        }
        Ok(())
    }

    pub(super) fn declare_nonlocal(&mut self, name: Name) -> Result<()> {
        let line = self.statement_line;
        let current = self.current;
        let id = self.scopes[current].find_or_add(name, IdKind::Undecided);
        match id.kind {
            IdKind::Undecided => {
                id.kind = IdKind::GlobalImplicit;
                if self.close_over(current, name) {
                    Ok(())
                } else {
                    Err(CompileError::syntax("no binding for nonlocal found", line))
                }
            }
            IdKind::Free => Ok(()),
            _ => Err(CompileError::syntax("identifier redefined as nonlocal", line)),
        }
    }

    /// `name := ..` within a comprehension binds the name of the scope around it.
    pub(super) fn declare_in_parent(&mut self, name: Name) -> Result<()> {
        let Some(parent) = self.scopes[self.current].parent else {
            return Ok(());
        };
        if self.store_in(parent, name) == IdKind::Global {
            self.scopes[self.current].find_or_add(name, IdKind::Global);
            return Ok(());
        }
        let is_global = self.scopes[parent].parent.is_none();
        let id = self.scopes[self.current].find_or_add(name, IdKind::Undecided);
        if !is_global && id.kind == IdKind::GlobalImplicit {
            id.kind = IdKind::Undecided;
        }
        if is_global {
            if id.kind == IdKind::GlobalImplicit {
                id.kind = IdKind::Undecided;
            }
            self.declare_global(name)
        } else {
            self.declare_nonlocal(name)
        }
    }

    /// Looks for names of this scope in the ones around it.
    pub(super) fn close_over_implicit(&mut self, scope: usize) {
        let names: Vec<Name> = self.scopes[scope]
            .ids
            .iter()
            .filter(|id| id.kind == IdKind::GlobalImplicit)
            .map(|id| id.name)
            .collect();
        for name in names {
            self.close_over(scope, name);
        }
    }

    /// Makes the name free in this scope if an enclosing function binds it.
    fn close_over(&mut self, scope: usize, name: Name) -> bool {
        let mut at = self.scopes[scope].parent;
        while let Some(parent) = at {
            if self.scopes[parent].parent.is_none() {
                break;
            }
            if let Some(id) = self.scopes[parent].find(name) {
                let bound = matches!(id.kind, IdKind::Local | IdKind::Cell | IdKind::Free);
                if bound {
                    self.scopes[scope].find_or_add(name, IdKind::Free).kind = IdKind::Free;
                    self.close_over_in_parents(scope, name);
                }
                return bound;
            }
            at = self.scopes[parent].parent;
        }
        false
    }

    fn close_over_in_parents(&mut self, scope: usize, name: Name) {
        let mut at = self.scopes[scope].parent;
        while let Some(parent) = at {
            let id = self.scopes[parent].find_or_add(name, IdKind::Undecided);
            match id.kind {
                IdKind::Undecided => id.kind = IdKind::Free,
                IdKind::Local => {
                    id.kind = IdKind::Cell;
                    return;
                }
                _ => return,
            }
            at = self.scopes[parent].parent;
        }
    }

    /// Orders free variables and gives registers to parameters, cells and locals.
    pub(super) fn finish(&mut self) -> Result<()> {
        for at in 0..self.scopes.len() {
            let free: Vec<Name> = match self.scopes[at].parent {
                None => Vec::new(),
                Some(parent) => {
                    let captured = self.scopes[parent].ids.iter().filter(|id| {
                        matches!(id.kind, IdKind::Cell | IdKind::Free)
                            && self.scopes[at].find(id.name).is_some_and(|i| i.kind == IdKind::Free)
                    });
                    captured.map(|id| id.name).collect()
                }
            };
            self.scopes[at].free = free;
            self.scopes[at].assign_registers()?;
        }
        Ok(())
    }
}

impl Scope {
    fn assign_registers(&mut self) -> Result<()> {
        let iterator = self.kind == ScopeKind::Comprehension;
        let mut order: Vec<Name> = self.params.clone();
        order.extend(self.star);
        order.extend(self.double_star);
        order.extend(self.free.iter().copied());
        let like = self.is_function_like();
        for id in &mut self.ids {
            if like && id.kind == IdKind::GlobalImplicit {
                id.kind = IdKind::Global;
            }
            let stored = matches!(id.kind, IdKind::Local | IdKind::Cell);
            if stored && !id.is_param {
                order.push(id.name);
            }
        }
        debug_assert!(!iterator || !order.is_empty());
        if order.len() > MAX_LOCALS {
            return Err(CompileError::syntax("too many locals", self.line));
        }
        for (reg, name) in order.iter().enumerate() {
            if let Some(&at) = self.index.get(name) {
                self.ids[at].reg = u8::try_from(reg).unwrap_or(u8::MAX);
            }
        }
        self.registers = u8::try_from(order.len()).unwrap_or(u8::MAX);
        Ok(())
    }
}

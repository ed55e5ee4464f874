//! Imports.

use alloc::string::String;

use super::Gen;
use crate::ast::Name;
use crate::bytecode::{Const, Op};
use crate::error::Result;

impl Gen<'_> {
    fn dotted(&self, path: &[Name]) -> String {
        let mut text = String::new();
        for (i, name) in path.iter().enumerate() {
            if i > 0 {
                text.push('.');
            }
            text.push_str(&self.spelling(*name));
        }
        text
    }

    /// The module in a new temporary.
    fn import_module(&mut self, path: &[Name], level: u32, list: &Const) -> Result<u8> {
        let module = self.temp()?;
        let mark = self.mark();
        let pair = self.temps(2)?;
        self.load_constant(&Const::Int(i64::from(level)), pair)?;
        self.load_constant(list, pair + 1)?;
        let text = self.dotted(path);
        self.emit_name(Op::ImportName, module, pair, text)?;
        self.release(mark);
        Ok(module)
    }

    /// `import a.b.c [as d]`
    pub(super) fn import(&mut self, path: &[Name], alias: Option<Name>) -> Result<()> {
        let mark = self.mark();
        let module = self.import_module(path, 0, &Const::None)?;
        match (alias, path) {
            (Some(alias), [_, inner @ ..]) => {
                for name in inner {
                    let text = self.spelling(*name);
                    self.load_attr(module, module, text)?;
                }
                self.store_name(alias, module)?;
            }
            (_, [first, ..]) => self.store_name(*first, module)?,
            _ => {}
        }
        self.release(mark);
        Ok(())
    }

    /// `from [.]*a.b import c [as d], ..`
    pub(super) fn import_from(
        &mut self,
        level: u32,
        path: &[Name],
        names: &[(Name, Option<Name>)],
        star: bool,
    ) -> Result<()> {
        let list = if star {
            alloc::vec![Const::Name(String::from("*"))]
        } else {
            names.iter().map(|(name, _)| Const::Name(self.spelling(*name))).collect()
        };
        let mark = self.mark();
        let module = self.import_module(path, level, &Const::Tuple(list))?;
        if star {
            self.emit(Op::ImportStar, module, 0, 0);
        }
        for (name, alias) in names {
            let mark = self.mark();
            let target = alias.unwrap_or(*name);
            let reg = match self.local(target) {
                Some(reg) => reg,
                None => self.temp()?,
            };
            let text = self.spelling(*name);
            self.emit_name(Op::ImportFrom, reg, module, text)?;
            self.store_name(target, reg)?;
            self.release(mark);
        }
        self.release(mark);
        Ok(())
    }
}

//! `import`: finding modules, packages and relative names.

use crate::kinds;
use crate::objects::float::number;
use crate::qstr::{Qstr, names};
use crate::types;
use crate::vm::{Raised, Res, Vm};
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use coil_compiler::{Mode, Options};
use coil_heap::{Tag, Value};
use coil_mpy::MpyError;

/// The content of a module's file.
#[derive(Clone, Debug)]
pub enum Content {
    /// It is here.
    Text(Vec<u8>),
    /// It is read once the module is known by its name, as the file's own code may ask for it.
    File(fn(&mut Vm, &str) -> Result<Vec<u8>, Raised>),
}

/// What the board's file systems have for a module path such as `pkg/mod`.
#[derive(Clone, Debug)]
pub enum Found {
    /// The file's content, source text unless its name ends in `.mpy`; and that name.
    Source(Content, String),
    /// A package: a directory, with the content of its `__init__` and that file's name, if any.
    Package(Option<(Content, String)>, String),
}

/// Looks for a module in `sys.path`. The first argument is the path with slashes; the second the
/// directory of the parent package, if the module is inside one.
pub type Importer = fn(&mut Vm, &str, Option<&str>) -> Result<Option<Found>, Raised>;

/// The value of a float literal, read like any text.
fn literal<const SINGLE: bool>(text: &str) -> Option<f64> {
    number::parse_float(text.as_bytes(), SINGLE)
}

impl Vm {
    /// Compiles a source text.
    pub fn compile(&mut self, source: &[u8], file: &str, mode: Mode) -> Res {
        let single = self.is_single_precision();
        let options = Options {
            mode,
            opt_level: self.opt_level,
            single_floats: single,
            read_float: Some(if single { literal::<true> } else { literal::<false> }),
            hot_loops: self.hot_loops,
            mark_lines: self.port.watches_lines(),
            keep_locals: self.port.keeps_locals(),
            foreign_errno: self.rom.errno != crate::errno::TABLE,
            grammar: self.rom.grammar,
        };
        let file = self.intern_text(file.as_bytes())?;
        let Ok(source) = core::str::from_utf8(source) else {
            return Err(self.raise_value(types::UNICODE_ERROR, Value::NULL));
        };
        match coil_compiler::compile(source, &options) {
            Ok(unit) => self.load_unit(&unit, file),
            Err(e) => Err(self.compile_error(&e, file)),
        }
    }

    fn compile_error(&mut self, e: &coil_compiler::CompileError, file: Qstr) -> Raised {
        use coil_compiler::ErrorKind as K;
        let class = match e.kind {
            K::Syntax => types::SYNTAX_ERROR,
            K::Indentation => types::INDENTATION_ERROR,
            K::Memory => types::MEMORY_ERROR,
            K::Recursion | K::Overflow => types::RUNTIME_ERROR,
            K::NotImplemented => types::NOT_IMPLEMENTED_ERROR,
            K::ViperType => types::VIPER_TYPE_ERROR,
        };
        let raised = if e.message.is_empty() {
            self.raise_value(class, Value::NULL)
        } else {
            self.raise_args(class, &e.message)
        };
        // What machine code cannot do is told without a place.
        if e.kind == K::NotImplemented && e.line == 0 {
            return raised;
        }
        let exception = self.pending;
        let line = e.line;
        let block = match &e.block {
            Some(b) => self.intern_text(b.as_bytes()).map_or(Value::NULL, Value::from),
            None => Value::NULL,
        };
        self.add_trace(exception, file.into(), line, block);
        raised
    }

    /// Compiles and runs a program in fresh or given globals.
    pub fn exec_source(&mut self, source: &[u8], file: &str, mode: Mode, globals: Value) -> Res {
        let code = self.compile(source, file, mode)?;
        self.root(code);
        self.run_module_code(code, globals, globals)
    }

    /// Runs the content of a module's file: what mpy-cross made, or source text.
    fn exec_file(&mut self, content: &[u8], file: &str, globals: Value) -> Res {
        if !file.ends_with(".mpy") {
            return self.exec_source(content, file, Mode::Module, globals);
        }
        // No machine code of a chip runs here.
        let code = match coil_mpy::load(content, coil_mpy::Target { arch: 0 }) {
            Ok(module) => {
                let source = self.intern(&module.file);
                self.load_unit(&module.unit, source)?
            }
            Err(e @ MpyError::TooLarge) => {
                return Err(self.raise_args(types::MEMORY_ERROR, e.message()));
            }
            Err(e) => return Err(self.value_error(e.message())),
        };
        self.root(code);
        self.run_module_code(code, globals, globals)
    }

    /// A module that was imported before. With an empty `sys.path` the program wants the
    /// firmware's own.
    fn loaded(&self, name: Qstr) -> Option<Value> {
        let items = self.path.as_ref().and_then(|_| self.fast_items(self.path));
        if items.is_some_and(|items| items.is_empty()) {
            return None;
        }
        self.dict_get(self.modules, name)
    }

    /// The built-in module of a name, the `u` of old names left out.
    pub fn builtin_module(&self, name: Qstr) -> Option<Value> {
        let found = self.rom.find_module(name).or_else(|| {
            let short = self.names.text(name).strip_prefix('u')?.to_string();
            if !self.rom.has_u_name(&short) {
                return None;
            }
            self.names.find(short.as_bytes()).and_then(|q| self.rom.find_module(q))
        })?;
        Some(Value::immediate(Tag::Module, found))
    }

    /// An `import` statement: calls the program's own `builtins.__import__`, if it made one.
    pub(crate) fn import_name(
        &mut self,
        name: Qstr,
        level: Value,
        from: Value,
        globals: Value,
    ) -> Res {
        match self.dict_get(self.builtins_override, names::import_) {
            Some(f) => self.call(f, &[name.into(), globals, Value::NONE, from, level]),
            None => self.import_statement(name, level, from, globals),
        }
    }

    pub(crate) fn import_statement(
        &mut self,
        name: Qstr,
        level: Value,
        from: Value,
        globals: Value,
    ) -> Res {
        let level = level.as_int().unwrap_or(0);
        if level < 0 {
            return Err(self.raise_value(types::VALUE_ERROR, Value::NULL));
        }
        if level > 0 && self.as_ref_kind(globals, kinds::DICT).is_none() {
            return Err(self.raise_value(types::TYPE_ERROR, Value::NULL));
        }
        let text = self.names.text(name).to_string();
        let full = if level > 0 { self.resolve_relative(&text, level, globals)? } else { text };
        let module = self.import_path(&full, from != Value::NONE)?;
        self.root(module);
        if from != Value::NONE {
            self.import_submodules(module, &full, from)?;
        }
        Ok(module)
    }

    fn resolve_relative(
        &mut self,
        name: &str,
        mut level: i64,
        globals: Value,
    ) -> Result<String, Raised> {
        let this = self.dict_get(globals, names::name).and_then(|v| v.as_qstr()).map(Qstr);
        let mut package = this.map_or_else(String::new, |q| self.names.text(q).to_string());
        let is_package = self.dict_get(globals, names::path).is_some();
        if is_package {
            level -= 1;
        }
        for _ in 0..level {
            match package.rfind('.') {
                Some(at) => package.truncate(at),
                None if package.is_empty() || package == "__main__" => {
                    return Err(
                        self.raise_args(types::IMPORT_ERROR, "can't perform relative import")
                    );
                }
                None => package.clear(),
            }
        }
        if package.is_empty() {
            return Err(self.raise_args(types::IMPORT_ERROR, "can't perform relative import"));
        }
        Ok(if name.is_empty() { package } else { format!("{package}.{name}") })
    }

    /// Imports a dotted name: gives the last module for `from`, else the first.
    pub fn import_path(&mut self, full: &str, last: bool) -> Res {
        if full.is_empty() {
            return Err(self.value_error(""));
        }
        let mark = self.mark();
        let (mut first, mut parent, mut dir) = (Value::NULL, Value::NULL, None::<String>);
        let mut end = 0;
        while end < full.len() {
            end = full[end + usize::from(end > 0)..]
                .find('.')
                .map_or(full.len(), |i| end + usize::from(end > 0) + i);
            let name = &full[..end];
            let q = self.intern_text(name.as_bytes())?;
            let module = match self.loaded(q) {
                Some(m) => m,
                None => {
                    if let Some(m) = self.built_in_submodule(parent, name) {
                        parent = m;
                        continue;
                    }
                    let m = self.load_module(q, dir.as_deref(), parent.is_null())?;
                    self.root(m);
                    self.join_package(parent, name, m)?;
                    m
                }
            };
            self.root(module);
            dir = self.package_dir(module);
            if parent.is_null() {
                first = module;
            }
            parent = module;
        }
        let found = if last { parent } else { first };
        self.release_but(mark, found);
        Ok(found)
    }

    /// A module of the firmware that is an attribute of another one, which is its package.
    fn built_in_submodule(&self, parent: Value, name: &str) -> Option<Value> {
        let n = parent.as_tagged(Tag::Module)?;
        let short = self.names.find(name.rsplit('.').next().unwrap_or(name).as_bytes())?;
        let found = self.rom.modules[n as usize].attrs.get(short)?;
        found.as_tagged(Tag::Module).map(|_| found)
    }

    /// Makes a submodule that was just loaded an attribute of its package.
    fn join_package(&mut self, parent: Value, name: &str, module: Value) -> Result<(), Raised> {
        if self.module_dict(parent).is_none() {
            return Ok(());
        }
        let short = self.intern_text(name.rsplit('.').next().unwrap_or(name).as_bytes())?;
        self.set_attr(parent, short, crate::rom::Access::Store(module))
    }

    fn package_dir(&self, module: Value) -> Option<String> {
        let path = self.dict_get(self.module_dict(module)?, names::path)?;
        Some(String::from_utf8_lossy(self.str_bytes(path)).into_owned())
    }

    fn load_module(&mut self, name: Qstr, dir: Option<&str>, top: bool) -> Res {
        let text = self.names.text(name).to_string();
        let short = text.rsplit('.').next().unwrap_or(&text).to_string();
        // As in the reference: modules of the firmware can be shadowed by files, but for a few
        // that are part of the machine itself.
        let fixed = top
            && matches!(text.as_str(), "sys" | "builtins" | "micropython" | "gc" | "usys" | "ugc");
        if fixed && let Some(m) = self.builtin_module(name) {
            return Ok(m);
        }
        if top
            && text.strip_prefix('u').is_some_and(|t| !t.is_empty())
            && let Some(m) = self.builtin_module(name)
        {
            return Ok(m);
        }
        if let Some(importer) = self.importer {
            match importer(self, &short, dir)? {
                Some(Found::Source(source, file)) => {
                    return self.load_source_module(name, &source, &file, None);
                }
                Some(Found::Package(init, dir)) => {
                    let (source, file) = init.unwrap_or((Content::Text(Vec::new()), String::new()));
                    return self.load_source_module(name, &source, &file, Some(&dir));
                }
                None => {}
            }
        }
        if top && let Some(m) = self.builtin_module(name) {
            return Ok(m);
        }
        Err(self.raise_fmt(types::IMPORT_ERROR, format_args!("no module named '{text}'")))
    }

    fn load_source_module(
        &mut self,
        name: Qstr,
        content: &Content,
        file: &str,
        package: Option<&str>,
    ) -> Res {
        let mark = self.mark();
        let module = self.new_module(name)?;
        let dict = self.module_dict(module).expect("just made");
        if !file.is_empty() {
            let file_name = self.new_str(file.as_bytes())?;
            self.dict_put(dict, names::file, file_name)?;
        }
        if let Some(dir) = package {
            let dir = self.new_str(dir.as_bytes())?;
            self.dict_put(dict, names::path, dir)?;
        }
        let modules = self.modules;
        self.dict_put(modules, name, module)?;
        let read = match content {
            Content::Text(text) => Ok(text.clone()),
            Content::File(read) => read(self, file),
        };
        let ran = read.and_then(|content| {
            if content.is_empty() && !file.ends_with(".mpy") {
                return Ok(Value::NONE);
            }
            self.exec_file(&content, file, dict)
        });
        if ran.is_err() {
            let map = self.as_dict(modules).expect("a dict of modules");
            if let Some(slot) = map.find_qstr(self, name) {
                map.remove_slot(self, slot);
            }
            return Err(Raised);
        }
        self.release_but(mark, module);
        Ok(module)
    }

    /// `from package import submodule`
    fn import_submodules(&mut self, module: Value, full: &str, from: Value) -> Result<(), Raised> {
        if self.package_dir(module).is_none() {
            return Ok(());
        }
        for item in self.tuple_items(from).unwrap_or_default() {
            let Some(name) = self.str_to_qstr(item)? else { continue };
            let text = self.names.text(name).to_string();
            if text == "*" || !self.get_attr_maybe(module, name)?.is_null() {
                continue;
            }
            match self.import_path(&format!("{full}.{text}"), true) {
                Ok(_) => {}
                Err(Raised) if self.exception_is(self.pending, types::IMPORT_ERROR) => {}
                Err(Raised) => return Err(Raised),
            }
        }
        Ok(())
    }

    pub(crate) fn import_from(&mut self, module: Value, name: Qstr) -> Res {
        let v = self.get_attr_maybe(module, name)?;
        if !v.is_null() {
            return Ok(v);
        }
        let name = self.names.text(name).to_string();
        Err(self.raise_fmt(types::IMPORT_ERROR, format_args!("can't import name {name}")))
    }

    pub(crate) fn import_star(&mut self, module: Value, locals: Value) -> Result<(), Raised> {
        let all = match self.get_attr_maybe(module, names::all) {
            Ok(Value::NULL) => None,
            Ok(all) => Some(self.collect_iterable(all)?),
            Err(Raised) if self.exception_is(self.pending, types::ATTRIBUTE_ERROR) => None,
            Err(Raised) => return Err(Raised),
        };
        let explicit = all.is_some();
        let all = match all {
            Some(all) => all,
            None if self.type_of(module) == types::MODULE.into() => self.module_names(module),
            None if self.as_ref_kind(module, kinds::INSTANCE).is_none()
                && self.as_type(module).is_none() =>
            {
                return Err(self.attribute_error(module, names::dict));
            }
            None => {
                let dir = self.intern("dir");
                let dir = self.load_builtin(dir)?;
                let names = self.call(dir, &[module])?;
                self.collect_iterable(names)?
            }
        };
        for name in all {
            let Some(q) = self.str_to_qstr(name)? else { continue };
            if !explicit && self.names.get(q).starts_with(b"_") {
                continue;
            }
            let v = self.get_attr(module, q)?;
            self.store_name(locals, q, v)?;
        }
        Ok(())
    }

    /// Names of loaded modules that are no built-in ones, for tools.
    pub fn loaded_modules(&self) -> Vec<Value> {
        self.dict_entries(self.modules)
            .into_iter()
            .filter(|(_, m)| self.as_ref_kind(*m, kinds::MODULE).is_some())
            .map(|e| e.0)
            .collect()
    }
}

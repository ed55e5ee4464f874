//! Reads a stub: a module's names as Python writes them in `.pyi` files, a line each and a sentence below it.
//!
//! Of Python's form it takes what the files in `firmware/stubs/` use, and refuses the rest. Must not know which modules there are.

use std::collections::BTreeMap;

/// What a stub says of its module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stub {
    /// What the module is for.
    pub about: String,
    /// Its names.
    pub names: BTreeMap<String, Entry>,
    /// What it passes on from other modules (`from time import gmtime as gmtime`): the module, and the name there.
    pub passed_on: BTreeMap<String, (String, String)>,
    /// Modules of which it passes on everything.
    pub whole: Vec<String>,
    /// What its annotations and bases may name: a module, and the name there if it is not the module itself.
    pub imports: BTreeMap<String, (String, Option<String>)>,
}

/// One name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub kind: Kind,
    /// What it means, in a sentence.
    pub about: String,
    /// The parameters of a function, as they are written; a method's without the object.
    pub parameters: Vec<String>,
    /// The annotation of what a function gives, or of what a value is.
    pub gives: String,
    /// What a class has.
    pub members: BTreeMap<String, Self>,
    /// The classes that it derives from, as they are written.
    pub bases: Vec<String>,
}

/// What a name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A function or a method.
    Function,
    /// A class.
    Class,
    /// A class that programs meet, and cannot name.
    Nameless,
    /// A constant or a variable.
    Value,
    /// What only objects of a class have.
    Property,
}

/// Why a stub cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub struct StubError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub what: &'static str,
}

/// How deep classes are in classes, at most.
const DEPTH_MAX: usize = 3;
/// Spaces of a step.
const STEP: usize = 4;

/// Reads the text of a stub.
pub fn read(text: &str) -> Result<Stub, StubError> {
    let mut reader = Reader::default();
    for (i, line) in text.lines().enumerate() {
        reader.take(line).map_err(|what| StubError { line: i + 1, what })?;
    }
    reader.close(0);
    match reader.decorators.is_empty() {
        true => Ok(reader.stub),
        false => Err(StubError { line: text.lines().count(), what: "nothing is decorated" }),
    }
}

#[derive(Default)]
struct Reader {
    stub: Stub,
    /// The classes that the line is in, the innermost last.
    open: Vec<(String, Entry)>,
    /// What has just been read; a sentence about it may follow.
    last: Option<(String, Entry)>,
    decorators: Vec<Decorator>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Decorator {
    Static,
    Class,
    Property,
    Nameless,
}

impl Reader {
    fn take(&mut self, line: &str) -> Result<(), &'static str> {
        let text = line.trim();
        if text.is_empty() {
            return Ok(());
        }
        let indent = line.len() - line.trim_start_matches(' ').len();
        if !indent.is_multiple_of(STEP) {
            return Err("lines are indented by steps of four spaces");
        }
        if let Some(about) = text.strip_prefix("\"\"\"") {
            let about = about.strip_suffix("\"\"\"").ok_or("a sentence is a line")?;
            return self.about(about);
        }
        self.close(indent / STEP);
        if indent / STEP != self.open.len() {
            return Err("this is indented further than what it could be in");
        }
        if let Some(decorator) = text.strip_prefix('@') {
            self.decorators.push(match decorator {
                "staticmethod" => Decorator::Static,
                "classmethod" => Decorator::Class,
                "property" => Decorator::Property,
                "type_check_only" => Decorator::Nameless,
                _ => return Err("there is no such decorator here"),
            });
            return Ok(());
        }
        if let Some(class) = text.strip_prefix("class ") {
            return self.class(class);
        }
        let function = text.strip_prefix("async ").unwrap_or(text);
        if let Some(function) = function.strip_prefix("def ") {
            return self.function(function);
        }
        if !self.decorators.is_empty() {
            return Err("only classes and functions are decorated");
        }
        if text.starts_with("import ") || text.starts_with("from ") {
            return self.import(text);
        }
        let (name, annotation) = text.split_once(": ").ok_or("this is no name with its type")?;
        let name = identifier(name)?;
        self.check_new(name)?;
        self.last = Some((name.into(), entry(Kind::Value, annotation)));
        Ok(())
    }

    /// Ends what is further in than so many steps.
    fn close(&mut self, depth: usize) {
        self.put_last();
        while self.open.len() > depth {
            self.last = self.open.pop();
            self.put_last();
        }
    }

    fn put_last(&mut self) {
        if let Some((name, entry)) = self.last.take() {
            self.around().insert(name, entry);
        }
    }

    /// The names among which the line is.
    fn around(&mut self) -> &mut BTreeMap<String, Entry> {
        match self.open.last_mut() {
            Some((_, class)) => &mut class.members,
            None => &mut self.stub.names,
        }
    }

    fn check_new(&mut self, name: &str) -> Result<(), &'static str> {
        match self.around().contains_key(name) {
            true => Err("this name is there already"),
            false => Ok(()),
        }
    }

    /// A sentence about what is before it.
    fn about(&mut self, about: &str) -> Result<(), &'static str> {
        let is_first = self.stub.names.is_empty() && self.stub.imports.is_empty();
        let place = match (&mut self.last, self.open.last_mut()) {
            (Some((_, last)), _) => &mut last.about,
            (None, Some((_, class))) if class.members.is_empty() => &mut class.about,
            (None, None) if is_first => &mut self.stub.about,
            _ => return Err("this sentence is about nothing"),
        };
        if !place.is_empty() {
            return Err("there is a sentence about this already");
        }
        *place = about.to_owned();
        Ok(())
    }

    fn class(&mut self, text: &str) -> Result<(), &'static str> {
        let head = text.strip_suffix(':').ok_or("a class ends with a colon")?;
        let (name, bases) = match head.split_once('(') {
            Some((name, bases)) => (name, bases.strip_suffix(')').ok_or("a bracket is open")?),
            None => (head, ""),
        };
        let name = identifier(name)?;
        self.check_new(name)?;
        if self.open.len() >= DEPTH_MAX {
            return Err("classes are not so deep in each other");
        }
        let kind = match std::mem::take(&mut self.decorators)[..] {
            [] => Kind::Class,
            [Decorator::Nameless] => Kind::Nameless,
            _ => return Err("classes are not decorated like this"),
        };
        let mut class = entry(kind, "");
        class.bases = parts(bases)?.into_iter().map(str::to_owned).collect();
        self.open.push((name.into(), class));
        Ok(())
    }

    fn function(&mut self, text: &str) -> Result<(), &'static str> {
        let text = text.strip_suffix(" ...").unwrap_or(text);
        let text = text.strip_suffix(':').ok_or("a function ends with a colon")?;
        let (name, rest) = text.split_once('(').ok_or("a function has brackets")?;
        let name = identifier(name)?;
        self.check_new(name)?;
        let end = closing(rest).ok_or("a bracket is open")?;
        let (parameters, after) = rest.split_at_checked(end).ok_or("a bracket is open")?;
        let gives = after.strip_prefix(") -> ").ok_or("a function says what it gives")?;
        let mut parameters = parts(parameters)?;
        let decorators = std::mem::take(&mut self.decorators);
        let kind = match decorators[..] {
            [] | [Decorator::Static | Decorator::Class] => Kind::Function,
            [Decorator::Property] => Kind::Property,
            _ => return Err("functions are not decorated like this"),
        };
        if !self.open.is_empty() && decorators != [Decorator::Static] {
            if !matches!(parameters.first(), Some(&("self" | "cls"))) {
                return Err("a method's first parameter is its object");
            }
            parameters.remove(0);
        }
        let mut function = entry(kind, gives);
        for parameter in parameters {
            function.parameters.push(parameter_of(parameter)?);
        }
        self.last = Some((name.into(), function));
        Ok(())
    }

    /// `import a`, `from a import b`, `from a import b as b`, `from a import *`.
    fn import(&mut self, text: &str) -> Result<(), &'static str> {
        if !self.open.is_empty() {
            return Err("classes import nothing");
        }
        if let Some(module) = text.strip_prefix("import ") {
            let module = identifier(module)?;
            self.stub.imports.insert(module.into(), (module.into(), None));
            return Ok(());
        }
        let (module, names) = text
            .strip_prefix("from ")
            .and_then(|rest| rest.split_once(" import "))
            .ok_or("this is no import")?;
        if names == "*" {
            self.stub.whole.push(module.into());
            return Ok(());
        }
        for one in parts(names)? {
            let (name, own) = match one.split_once(" as ") {
                Some((name, own)) => (identifier(name)?, identifier(own)?),
                None => (identifier(one)?, one),
            };
            let there = (module.to_owned(), name.to_owned());
            self.stub.imports.insert(own.into(), (there.0.clone(), Some(there.1.clone())));
            // As typing has it: only a name that is given anew is a name of this module.
            if one.contains(" as ") {
                self.stub.passed_on.insert(own.into(), there);
            }
        }
        Ok(())
    }
}

fn entry(kind: Kind, gives: &str) -> Entry {
    Entry {
        kind,
        about: String::new(),
        parameters: Vec::new(),
        gives: gives.into(),
        members: BTreeMap::new(),
        bases: Vec::new(),
    }
}

fn identifier(text: &str) -> Result<&str, &'static str> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    match !text.is_empty() && text.chars().all(is_word) && !text.starts_with(char::is_numeric) {
        true => Ok(text),
        false => Err("this is no name"),
    }
}

/// `*`, `/`, `x`, `x: int`, `x: int = 1`, `*x: int`, `**x: int`; `...` is a default that does not matter.
fn parameter_of(text: &str) -> Result<String, &'static str> {
    if text != "*" && text != "/" {
        let name = text.split([':', '=']).next().unwrap_or_default();
        identifier(name.trim_start_matches('*').trim_end())?;
    }
    Ok(match text.strip_suffix("= ...") {
        Some(before) => format!("{before}= …"),
        None => text.to_owned(),
    })
}

/// Where the bracket ends that begins before this text.
fn closing(text: &str) -> Option<usize> {
    walk(text, |depth, c| depth == 0 && matches!(c, ')' | ']'))
}

/// What is between commas that are in no brackets and no text.
fn parts(text: &str) -> Result<Vec<&str>, &'static str> {
    let mut found = Vec::new();
    let mut rest = text.trim();
    while let Some(comma) = walk(rest, |depth, c| depth == 0 && c == ',') {
        let (part, after) = rest.split_at_checked(comma).ok_or("a comma is nowhere")?;
        found.push(part.trim());
        rest = after.trim_start_matches(',').trim_start();
    }
    if !rest.is_empty() {
        found.push(rest);
    }
    match found.iter().any(|part| part.is_empty()) {
        true => Err("there is nothing before a comma"),
        false => Ok(found),
    }
}

/// The first character for which this holds, with the brackets that are open before it.
fn walk(text: &str, holds: impl Fn(usize, char) -> bool) -> Option<usize> {
    let (mut depth, mut quote, mut is_escaped) = (0usize, None, false);
    for (at, c) in text.char_indices() {
        if let Some(end) = quote {
            if c == end && !is_escaped {
                quote = None;
            }
            is_escaped = c == '\\' && !is_escaped;
            continue;
        }
        if holds(depth, c) {
            return Some(at);
        }
        match c {
            '"' | '\'' => quote = Some(c),
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

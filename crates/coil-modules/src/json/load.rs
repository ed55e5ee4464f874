//! JSON as values. The reference's parser: commas and colons count as white space, brackets need
//! not pair, and a NUL ends the text.

use crate::stream::Source;
use alloc::vec::Vec;
use coil_vm::{Raised, Res, Value, Vm, types};

struct Parser {
    source: Source,
    cur: u8,
    text: Vec<u8>,
}

/// What one token is.
enum Token {
    /// Between values.
    Space,
    /// A value without content.
    Value(Value),
    /// The start of a list or dict.
    Open(Value),
    /// The end of one.
    Close,
}

/// Digits of a number, or bytes of a string, at most.
const TEXT_MAX: usize = 1 << 24;

/// Reads one value, to the end of the source.
pub(super) fn load(vm: &mut Vm, source: Source) -> Res {
    let mut p = Parser { source, cur: 0, text: Vec::new() };
    p.next(vm)?;
    // The first value is held as a root; all others are inside it, but for a key that waits.
    let mut top = Value::NULL;
    let mut stack: Vec<Value> = Vec::new();
    let mut key = Value::NULL;
    let mark = vm.mark();
    let mut root = Value::NULL;
    loop {
        if p.cur == 0 {
            return Err(syntax(vm));
        }
        let (v, enter) = match p.token(vm)? {
            Token::Space => continue,
            Token::Value(v) => (v, false),
            Token::Open(v) => (v, true),
            Token::Close => {
                if top.is_null() {
                    return Err(syntax(vm));
                }
                match stack.pop() {
                    None => break,
                    Some(outer) => top = outer,
                }
                continue;
            }
        };
        if top.is_null() {
            (top, root) = (v, v);
            if !enter {
                break;
            }
        } else {
            if let Some(list) = vm.as_list(top) {
                vm.list_append(list, v)?;
            } else if key.is_null() {
                key = v;
                if enter {
                    return Err(syntax(vm));
                }
            } else {
                vm.set_item(top, key, v)?;
                key = Value::NULL;
            }
            if enter {
                stack.push(top);
                top = v;
            }
        }
        vm.release_but(mark, root);
        if !key.is_null() {
            vm.root(key);
        }
    }
    while matches!(p.cur, 9..=13 | 32) {
        p.next(vm)?;
    }
    if p.cur != 0 || !stack.is_empty() { Err(syntax(vm)) } else { Ok(root) }
}

fn syntax(vm: &mut Vm) -> Raised {
    vm.value_error("syntax error in JSON")
}

impl Parser {
    fn next(&mut self, vm: &mut Vm) -> Result<u8, Raised> {
        self.cur = self.source.next(vm)?.unwrap_or(0);
        Ok(self.cur)
    }

    fn token(&mut self, vm: &mut Vm) -> Result<Token, Raised> {
        let c = self.cur;
        self.next(vm)?;
        Ok(match c {
            b',' | b':' | b' ' | b'\t' | b'\n' | b'\r' => Token::Space,
            b'n' => self.word(vm, b"ull", Value::NONE)?,
            b'f' => self.word(vm, b"alse", Value::FALSE)?,
            b't' => self.word(vm, b"rue", Value::TRUE)?,
            b'"' => self.string(vm)?,
            b'-' | b'0'..=b'9' => self.number(vm, c)?,
            b'[' => Token::Open(vm.new_list(&[])?),
            b'{' => Token::Open(vm.new_dict(0)?),
            b']' | b'}' => Token::Close,
            _ => return Err(syntax(vm)),
        })
    }

    fn word(&mut self, vm: &mut Vm, rest: &[u8], v: Value) -> Result<Token, Raised> {
        for &c in rest {
            if self.cur != c {
                return Err(syntax(vm));
            }
            self.next(vm)?;
        }
        Ok(Token::Value(v))
    }

    fn push(&mut self, vm: &mut Vm, bytes: &[u8]) -> Result<(), Raised> {
        if self.text.len() > TEXT_MAX {
            return Err(vm.raise_args(types::MEMORY_ERROR, "memory allocation failed"));
        }
        self.text.extend_from_slice(bytes);
        Ok(())
    }

    fn string(&mut self, vm: &mut Vm) -> Result<Token, Raised> {
        self.text.clear();
        while self.cur != 0 && self.cur != b'"' {
            let mut c = self.cur;
            if c == b'\\' {
                c = match self.next(vm)? {
                    b'b' => 8,
                    b'f' => 12,
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    b'u' => {
                        let code = self.code_point(vm)?;
                        self.push(vm, &encode(code))?;
                        self.next(vm)?;
                        continue;
                    }
                    other => other,
                };
            }
            self.push(vm, &[c])?;
            self.next(vm)?;
        }
        if self.cur == 0 {
            return Err(syntax(vm));
        }
        self.next(vm)?;
        if !is_utf8_shaped(&self.text) {
            return Err(vm.raise_value(types::UNICODE_ERROR, Value::NULL));
        }
        // A text that is a name already is that name: keys are found faster so.
        Ok(Token::Value(match vm.names.find(&self.text) {
            Some(name) => name.into(),
            None => vm.new_str(&self.text)?,
        }))
    }

    /// Four hexadecimal digits; others give what the reference's arithmetic gives.
    fn code_point(&mut self, vm: &mut Vm) -> Result<u32, Raised> {
        let mut code = 0u32;
        for _ in 0..4 {
            let mut c = (self.next(vm)? | 0x20).wrapping_sub(b'0');
            if c > 9 {
                c = c.wrapping_sub(b'a' - (b'9' + 1));
            }
            code = code << 4 | u32::from(c);
        }
        Ok(code)
    }

    fn number(&mut self, vm: &mut Vm, first: u8) -> Result<Token, Raised> {
        self.text.clear();
        let (mut c, mut float) = (first, false);
        loop {
            self.push(vm, &[c])?;
            c = self.cur;
            match c {
                b'.' | b'e' | b'E' => float = true,
                b'+' | b'-' | b'0'..=b'9' => {}
                _ => break,
            }
            self.next(vm)?;
        }
        let text = core::str::from_utf8(&self.text).unwrap_or("");
        if !float
            && text.len() < 18
            && let Ok(i) = text.parse()
        {
            return Ok(Token::Value(Value::int(i)));
        }
        let class = if float { types::FLOAT } else { types::INT };
        let text = vm.new_str(&self.text)?;
        Ok(Token::Value(vm.call(class.into(), &[text])?))
    }
}

/// UTF-8 of a number, surrogates included.
fn encode(c: u32) -> Vec<u8> {
    let tail = |shift: u32| 0x80 | (c >> shift & 63) as u8;
    match c {
        0..0x80 => alloc::vec![c as u8],
        0x80..0x800 => alloc::vec![0xc0 | (c >> 6) as u8, tail(0)],
        0x800..0x1_0000 => alloc::vec![0xe0 | (c >> 12) as u8, tail(6), tail(0)],
        _ => alloc::vec![0xf0 | (c >> 18 & 7) as u8, tail(12), tail(6), tail(0)],
    }
}

/// Whether lead and continuation bytes fit together, which is all that the reference checks.
fn is_utf8_shaped(text: &[u8]) -> bool {
    let mut need = 0;
    for &c in text {
        if need > 0 {
            if c & 0xc0 != 0x80 {
                return false;
            }
            need -= 1;
        } else if c >= 0xf8 {
            return false;
        } else if c >= 0xc0 {
            need = if c >= 0xf0 {
                3
            } else if c >= 0xe0 {
                2
            } else {
                1
            };
        } else if c >= 0x80 {
            return false;
        }
    }
    need == 0
}

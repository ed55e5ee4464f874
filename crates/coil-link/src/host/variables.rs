//! The names of a board's programs and what they stand for, as the prompt sees them.

use super::Error;
use super::python::{of_hex, program};
use super::session::Ask;

/// Characters of a value that are told.
pub const VALUE_MAX: usize = 200;
/// Names that are told.
const NAMES_MAX: usize = 500;

/// A global name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// The name.
    pub name: String,
    /// The class of its value.
    pub class: String,
    /// The value as the prompt shows it, cut.
    pub value: String,
    /// Its `len()`, where it has one.
    pub length: Option<u64>,
}

/// All globals without those of the language.
pub(super) fn list(board: &mut impl Ask) -> Result<Vec<Variable>, Error> {
    // What is long is cut before it becomes text: the board has little memory.
    let body = format!(
        "from binascii import hexlify\nh=lambda t:hexlify(t.encode()).decode()\nn={NAMES_MAX}\ng=globals()\n\
         for k in sorted(g.keys()):\n if k[:2]=='__' or not n:\n  continue\n n-=1\n v=g[k]\n l=''\n r='...'\n try:\n\
         \x20 if isinstance(v,(str,bytes,bytearray,list,tuple,dict,set)):\n   l=str(len(v))\n\
         \x20 if l and len(v)>{VALUE_MAX} and not isinstance(v,(dict,set)):\n   v2=v[:{VALUE_MAX}]\n  else:\n   v2=v\n\
         \x20 if not isinstance(v,(dict,set)) or len(v)<={VALUE_MAX}:\n   r=repr(v2)[:{VALUE_MAX}]\n\
         \x20except Exception:\n  pass\n w(' '.join((h(k),h(type(v).__name__),l or '-',h(r))))\n"
    );
    let mut all = Vec::new();
    board.ask(&program(&body), "", &mut |frame| {
        let nonsense = || Error::Nonsense("a list of names");
        let parts: Vec<&str> = frame.split(' ').collect();
        let [name, class, length, value] = parts[..] else { return Err(nonsense()) };
        if all.len() >= NAMES_MAX {
            return Err(nonsense());
        }
        all.push(Variable {
            name: of_hex(name).ok_or_else(nonsense)?,
            class: of_hex(class).ok_or_else(nonsense)?,
            value: of_hex(value).ok_or_else(nonsense)?,
            length: length.parse().ok(),
        });
        Ok(())
    })?;
    Ok(all)
}

//! Complex numbers.

use crate::kinds;
use crate::rom::TypeDef;
use crate::vm::{Res, Vm};

/// `complex`
pub static COMPLEX: TypeDef = TypeDef { name: "complex", ..TypeDef::EMPTY };

impl Vm {
    /// Makes a complex number.
    pub fn new_complex(&mut self, re: f64, im: f64) -> Res {
        let bytes = [re.to_le_bytes(), im.to_le_bytes()].concat();
        self.alloc_bytes(kinds::COMPLEX, 0, &bytes).map(Into::into)
    }
}

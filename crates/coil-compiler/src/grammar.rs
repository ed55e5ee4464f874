//! What of the language a firmware's compiler knows: older ones refuse what came later, as text that makes no sense.

/// What came after MicroPython's first grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grammar {
    /// `f"..."`, since 1.17.
    pub f_strings: bool,
    /// `rf"..."`, since 1.24.
    pub raw_f_strings: bool,
    /// `t"..."`, since 1.28.
    pub t_strings: bool,
    /// `:=`, since 1.13.
    pub walrus: bool,
    /// `a @ b`, since 1.12.
    pub matmul: bool,
}

impl Default for Grammar {
    /// All that there is.
    fn default() -> Self {
        Self { f_strings: true, raw_f_strings: true, t_strings: true, walrus: true, matmul: true }
    }
}

impl Grammar {
    /// All but what is named: `f-strings`, `raw f-strings`, `t-strings`, `:=`, `@`. A name that nothing has is no
    /// reason to refuse anything.
    pub fn without<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let mut grammar = Self::default();
        for name in names {
            match name {
                "f-strings" => grammar.f_strings = false,
                "raw f-strings" => grammar.raw_f_strings = false,
                "t-strings" => grammar.t_strings = false,
                ":=" => grammar.walrus = false,
                "@" => grammar.matmul = false,
                _ => {}
            }
        }
        grammar
    }
}

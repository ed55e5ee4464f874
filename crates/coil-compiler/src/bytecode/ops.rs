//! The instruction set, written down once: a row per opcode.
//!
//! An instruction is one little-endian `u32`: `op:8 a:8 b:8 c:8`, where `d` names the upper
//! sixteen bits (`b` and `c` together) and `j` the upper twenty-four as a signed number.
//! Some instructions are followed by one or two more words. `R[x]` is a register of the frame,
//! `K[x]` a constant of the code object. Jump offsets count words from the word after the whole
//! instruction; a jump with a negative offset polls for interrupts.
//!
//! The operand string of a row drives the assembler's checks, the disassembler and the verifier:
//!
//! | char | field | meaning |
//! |---|---|---|
//! | `w` `r` | `a`, `b`, `c` in turn | a register written / read (or both) |
//! | `i` | `a`, `b`, `c` in turn | an unsigned 8-bit number |
//! | `-` | `a`, `b`, `c` in turn | unused, zero |
//! | `K` `S` `U` | `d` | index of a constant / signed / unsigned 16-bit number |
//! | `J` | `j` | a signed jump offset |
//! | after a bar: `O` | a whole word | a signed jump offset |
//! | `N` | a whole word | low 16 bits: index of a constant that is a name; high 16: run-time cache, emitted zero |
//! | `D` | a whole word | low 8 bits: destination register; the rest run-time cache, emitted zero |
//! | `C` | a whole word | run-time cache, emitted zero |

/// Calls the macro `$m` with every row: `Name "operands" "what it does";`.
#[macro_export]
macro_rules! for_each_op {
    ($m:ident) => {
        $m! {
            // Moves and constants.
            Nop "---" "does nothing";
            Move "wr-" "R[a] = R[b]";
            LoadConst "wK" "R[a] = K[d]";
            LoadInt "wS" "R[a] = d as a signed number";
            LoadNone "w--" "R[a] = None";
            LoadTrue "w--" "R[a] = True";
            LoadFalse "w--" "R[a] = False";
            LoadNull "w--" "R[a] = unbound (used by `del x` and for locals that may be read before assignment)";
            CheckLocal "rK" "raise NameError `local variable referenced before assignment` if R[a] is unbound; K[d] is its name";

            // Names.
            LoadGlobal "w--|N" "R[a] = globals or builtins [name], else NameError";
            StoreGlobal "r--|N" "globals[name] = R[a]";
            DelGlobal "---|N" "del globals[name]";
            LoadName "w--|N" "R[a] = locals, globals or builtins [name] (module and class bodies)";
            StoreName "r--|N" "locals[name] = R[a]";
            DelName "---|N" "del locals[name]";
            MakeCell "w--" "R[a] = a new cell that holds what R[a] held (unbound included)";
            NewCell "w--" "R[a] = a new empty cell";
            LoadCell "wr-|N" "R[a] = content of the cell R[b], NameError if empty; the name is the variable's";
            StoreCell "rr-" "content of the cell R[a] = R[b]";
            DelCell "r--|N" "empty the cell R[a], NameError if it was empty";

            // Arithmetic: R[a] = R[b] op R[c].
            Add "wrr" "R[a] = R[b] + R[c]";
            Sub "wrr" "R[a] = R[b] - R[c]";
            Mul "wrr" "R[a] = R[b] * R[c]";
            TrueDiv "wrr" "R[a] = R[b] / R[c]";
            FloorDiv "wrr" "R[a] = R[b] // R[c]";
            Mod "wrr" "R[a] = R[b] % R[c]";
            Pow "wrr" "R[a] = R[b] ** R[c]";
            MatMul "wrr" "R[a] = R[b] @ R[c]";
            LShift "wrr" "R[a] = R[b] << R[c]";
            RShift "wrr" "R[a] = R[b] >> R[c]";
            And "wrr" "R[a] = R[b] & R[c]";
            Or "wrr" "R[a] = R[b] | R[c]";
            Xor "wrr" "R[a] = R[b] ^ R[c]";
            // The same for augmented assignment: `__iadd__` and its kin are tried first.
            IAdd "wrr" "R[a] = R[b] += R[c]";
            ISub "wrr" "R[a] = R[b] -= R[c]";
            IMul "wrr" "R[a] = R[b] *= R[c]";
            ITrueDiv "wrr" "R[a] = R[b] /= R[c]";
            IFloorDiv "wrr" "R[a] = R[b] //= R[c]";
            IMod "wrr" "R[a] = R[b] %= R[c]";
            IPow "wrr" "R[a] = R[b] **= R[c]";
            IMatMul "wrr" "R[a] = R[b] @= R[c]";
            ILShift "wrr" "R[a] = R[b] <<= R[c]";
            IRShift "wrr" "R[a] = R[b] >>= R[c]";
            IAnd "wrr" "R[a] = R[b] &= R[c]";
            IOr "wrr" "R[a] = R[b] |= R[c]";
            IXor "wrr" "R[a] = R[b] ^= R[c]";
            // With a small constant 0..=255 on the right.
            AddI "wri" "R[a] = R[b] + c";
            SubI "wri" "R[a] = R[b] - c";
            MulI "wri" "R[a] = R[b] * c";
            FloorDivI "wri" "R[a] = R[b] // c";
            ModI "wri" "R[a] = R[b] % c";
            LShiftI "wri" "R[a] = R[b] << c";
            RShiftI "wri" "R[a] = R[b] >> c";
            AndI "wri" "R[a] = R[b] & c";
            OrI "wri" "R[a] = R[b] | c";
            XorI "wri" "R[a] = R[b] ^ c";
            IAddI "wri" "R[a] = R[b] += c";
            ISubI "wri" "R[a] = R[b] -= c";
            Neg "wr-" "R[a] = -R[b]";
            Pos "wr-" "R[a] = +R[b]";
            Invert "wr-" "R[a] = ~R[b]";
            Not "wr-" "R[a] = not R[b]";

            // Arithmetic of 32 bits, of functions marked viper. Operands are ints within 32 bits (whatever else
            // a register holds counts as some such int); results are signed, wrapped around.
            IntAdd "wrr" "R[a] = R[b] + R[c]";
            IntSub "wrr" "R[a] = R[b] - R[c]";
            IntMul "wrr" "R[a] = R[b] * R[c]";
            IntFloorDiv "wrr" "R[a] = R[b] // R[c]";
            IntMod "wrr" "R[a] = R[b] % R[c]";
            IntAnd "wrr" "R[a] = R[b] & R[c]";
            IntOr "wrr" "R[a] = R[b] | R[c]";
            IntXor "wrr" "R[a] = R[b] ^ R[c]";
            IntShl "wrr" "R[a] = R[b] << (R[c] & 31)";
            IntShr "wrr" "R[a] = R[b] >> (R[c] & 31), the sign kept";
            IntShrU "wrr" "R[a] = R[b] >> (R[c] & 31), zeros moved in";
            IntAddI "wri" "R[a] = R[b] + c";
            IntSubI "wri" "R[a] = R[b] - c";
            IntAndI "wri" "R[a] = R[b] & c";
            IntShlI "wri" "R[a] = R[b] << (c & 31)";
            IntNeg "wr-" "R[a] = -R[b]";
            IntInvert "wr-" "R[a] = ~R[b]";
            // Comparisons give 1 or 0; those with U take their operands as unsigned.
            IntLt "wrr" "R[a] = R[b] < R[c]";
            IntLe "wrr" "R[a] = R[b] <= R[c]";
            IntLtU "wrr" "R[a] = R[b] < R[c]";
            IntLeU "wrr" "R[a] = R[b] <= R[c]";
            IntEq "wrr" "R[a] = R[b] == R[c]";
            IntNe "wrr" "R[a] = R[b] != R[c]";
            // The chip's memory, at the address in a register.
            Load8 "wrr" "R[a] = the byte at R[b] + R[c]";
            Load16 "wrr" "R[a] = the two bytes at R[b] + 2 * R[c]";
            Load32 "wrr" "R[a] = the four bytes at R[b] + 4 * R[c]";
            Store8 "rrr" "the byte at R[a] + R[b] = R[c]";
            Store16 "rrr" "the two bytes at R[a] + 2 * R[b] = R[c]";
            Store32 "rrr" "the four bytes at R[a] + 4 * R[b] = R[c]";
            ToNative "wri" "R[a] = the object R[b] as a native value: c is 1 bool, 2 int, 3 uint, 4 and more address";
            ToObject "wri" "R[a] = the native value R[b] as an object, numbered as for ToNative";

            // Comparisons to a bool.
            Lt "wrr" "R[a] = R[b] < R[c]";
            Le "wrr" "R[a] = R[b] <= R[c]";
            Gt "wrr" "R[a] = R[b] > R[c]";
            Ge "wrr" "R[a] = R[b] >= R[c]";
            Eq "wrr" "R[a] = R[b] == R[c]";
            Ne "wrr" "R[a] = R[b] != R[c]";
            Is "wrr" "R[a] = R[b] is R[c]";
            IsNot "wrr" "R[a] = R[b] is not R[c]";
            In "wrr" "R[a] = R[b] in R[c]";
            NotIn "wrr" "R[a] = R[b] not in R[c]";

            // Jumps. `c` (or `b` where there is one operand) is the sense: 1 jumps if true, 0 if false.
            Jump "J" "jump";
            JTrue "r--|O" "jump if R[a] is true";
            JFalse "r--|O" "jump if R[a] is false";
            JNone "ri-|O" "jump if (R[a] is None) == b";
            JLt "rri|O" "jump if (R[a] < R[b]) == c";
            JLe "rri|O" "jump if (R[a] <= R[b]) == c";
            JGt "rri|O" "jump if (R[a] > R[b]) == c";
            JGe "rri|O" "jump if (R[a] >= R[b]) == c";
            JEq "rri|O" "jump if (R[a] == R[b]) == c";
            JNe "rri|O" "jump if (R[a] != R[b]) == c";
            JIs "rri|O" "jump if (R[a] is R[b]) == c";
            JIn "rri|O" "jump if (R[a] in R[b]) == c";
            JLtI "rii|O" "jump if (R[a] < b) == c";
            JLeI "rii|O" "jump if (R[a] <= b) == c";
            JGtI "rii|O" "jump if (R[a] > b) == c";
            JGeI "rii|O" "jump if (R[a] >= b) == c";
            JEqI "rii|O" "jump if (R[a] == b) == c";
            JNeI "rii|O" "jump if (R[a] != b) == c";
            JExc "rri|O" "jump if (the exception R[a] matches the class or tuple R[b]) == c";

            // Loops.
            GetIter "wr-" "R[a] = iter(R[b])";
            ForIter "wr-|O" "R[a] = next(R[b]) and jump, or fall through at the end of the iterator (R[a] unchanged)";
            ForRange "wrr|O" "if R[b] < R[b+1] (`>` when the step R[c] is negative): R[a] = R[b], R[b] += R[c], jump; else fall through";

            Hot "---|C" "a round of a loop starts here that may go on in machine code; the word is up to whoever makes that";

            // Calls. R[a] is the callee; R[a+1..] the `b` positional arguments, then `c` pairs name, value.
            Call "rii|D" "R[dst] = R[a](R[a+1], .., R[a+b], name=value, ..)";
            LoadMethod "wr-|N" "R[a], R[a+1] = method name of R[b] and R[b], or the plain attribute and unbound";
            CallM "rii|D" "as Call after LoadMethod: arguments start at R[a+2]; R[a+1] is self, or unbound";
            CallMethod "rii|DN" "LoadMethod and CallM in one: R[a+1] is the object, arguments start at R[a+2], R[a] is scratch";
            CallEx "rii|D" "R[dst] = R[a](*R[a+1], **R[a+2]); R[a+1] is a list or tuple, R[a+2] a dict or None; if b is 1, R[a] is a function and R[a+3] its self or unbound";
            Return "r--" "return R[a]";
            MakeFunction "wr-|K" "R[a] = function of the code K[word & 0xffff]; high bits: 0x10000 a tuple of positional defaults is in R[b], 0x20000 a dict of keyword defaults in R[b+1], 0x40000 a tuple of cells in R[b+2]";
            LoadBuildClass "w--" "R[a] = the function that makes a class: called with (body function, name, *bases, **keywords)";

            // Attributes and items.
            LoadAttr "wr-|N" "R[a] = R[b].name";
            StoreAttr "rr-|N" "R[a].name = R[b]";
            DelAttr "r--|N" "del R[a].name";
            LoadItem "wrr" "R[a] = R[b][R[c]]";
            LoadItemI "wri" "R[a] = R[b][c]";
            StoreItem "rrr" "R[a][R[b]] = R[c]";
            StoreItemI "rir" "R[a][b] = R[c]";
            DelItem "rr-" "del R[a][R[b]]";

            // Builders.
            BuildTuple "wri" "R[a] = (R[b], .., R[b+c-1])";
            BuildList "wri" "R[a] = [R[b], .., R[b+c-1]]";
            BuildSet "wri" "R[a] = {R[b], .., R[b+c-1]}";
            BuildMap "wU" "R[a] = a dict with room for d entries";
            BuildSlice "wr-" "R[a] = slice(R[b], R[b+1], R[b+2])";
            BuildString "wri" "R[a] = R[b] + .. + R[b+c-1], all strings";
            FormatValue "wri" "R[a] = format(R[b] converted by c (0 none, 1 str, 2 repr), R[b+1])";
            StoreMap "rrr" "R[a][R[b]] = R[c] in a dict being built";
            ListAppend "rr-" "append R[b] to the list R[a]";
            ListExtend "rr-" "extend the list R[a] with the iterable R[b]";
            SetAdd "rr-" "add R[b] to the set R[a]";
            SetUpdate "rr-" "add all of the iterable R[b] to the set R[a]";
            DictUpdate "rri" "merge the mapping R[b] into the dict R[a]; c = 1: keyword arguments of a call, repeated names are an error";
            ListToTuple "wr-" "R[a] = tuple(list R[b])";
            UnpackSeq "wri" "R[a], .., R[a+c-1] = R[b]";
            UnpackEx "wri|U" "R[a..] = R[b] with a star: c targets before it, then the list, then `word` targets after it";

            // Exceptions.
            Raise "r--" "raise R[a]";
            RaiseFrom "rr-" "raise R[a] from R[b]";
            Reraise "r--" "raise the exception R[a] again, its traceback kept (end of `finally`, no handler matched, bare `raise`)";
            RaiseNoActive "---" "raise RuntimeError `no active exception to reraise`";
            TypeOf "wr-" "R[a] = type(R[b])";

            // Generators.
            Yield "wr-" "hand out R[b]; R[a] = what is sent in";
            YieldFrom "wrr" "delegate to the iterator R[b], sending R[c] first; R[a] = its result";
            GetAwaitable "wr-" "R[a] = the iterator that `await R[b]` runs";
            GetAIter "wr-" "R[a] = R[b].__aiter__()";

            // Imports and the rest.
            ImportName "wr-|N" "R[a] = the module name, imported at level R[b] with the from-list R[b+1]";
            ImportFrom "wr-|N" "R[a] = name of the module R[b]";
            ImportStar "r--" "all public names of the module R[a] into locals";
            PrintExpr "r--" "show R[a] as the interactive prompt does";

            // Only where it was asked for.
            Line "-U" "a statement starts on line d";
        }
    };
}

macro_rules! define_ops {
    ($($name:ident $operands:literal $doc:literal;)*) => {
        /// An opcode; the rows and their meaning are in this file's list.
        #[allow(rustdoc::broken_intra_doc_links, reason = "registers are written R[a]")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Op { $(#[doc = $doc] $name),* }

        impl Op {
            /// All opcodes in numeric order.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];
            /// The row of each opcode.
            const ROWS: &'static [(&'static str, &'static str)] = &[$((stringify!($name), $operands)),*];
        }
    };
}
for_each_op!(define_ops);

impl Op {
    /// The opcode with this number, if there is one.
    pub const fn from_u8(number: u8) -> Option<Self> {
        if (number as usize) < Self::ALL.len() { Some(Self::ALL[number as usize]) } else { None }
    }

    /// The name as the disassembler prints it.
    pub const fn name(self) -> &'static str {
        Self::ROWS[self as usize].0
    }

    /// The operand string of the row.
    pub const fn operands(self) -> &'static str {
        Self::ROWS[self as usize].1
    }

    /// How many words the whole instruction has, the first included.
    pub const fn words(self) -> usize {
        let s = self.operands().as_bytes();
        let mut i = 0;
        while i < s.len() {
            if s[i] == b'|' {
                return s.len() - i;
            }
            i += 1;
        }
        1
    }
}

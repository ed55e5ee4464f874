//! Random functions print the same with machine code and without, and take the same steps.

use coil_jit::Jit;
use coil_testkit::Kept;
use coil_vm::compiler::Mode;
use coil_vm::{Config, Vm, names, rom::Rom};

/// A small generator of chance (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % n
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

const LOCALS: &[&str] = &["a", "b", "c", "d"];
const NUMBERS: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "7",
    "31",
    "32",
    "62",
    "100",
    "255",
    "256",
    "1000",
    "65535",
    "1073741823",
    "-1",
    "-2",
    "-7",
    "-128",
    "1073741824",
    "2147483647",
    "-2147483648",
];
/// How many of them give small ints of the chip when a few of them are folded.
const SHORT: usize = 8;
/// What only functions marked `native` can be given: the edges of small ints, and no ints at all.
const ODD: &[&str] = &[
    "4611686018427387903",
    "-4611686018427387904",
    "1 << 62",
    "-(1 << 62) - 1",
    "1 << 70",
    "True",
    "False",
    "1.5",
    "None",
    "'x'",
];

/// Writes functions of one kind.
struct Writer {
    chance: Chance,
    viper: bool,
    text: String,
    loops: usize,
    /// Functions called from here are not to be called in many rounds.
    budget: usize,
}

impl Writer {
    fn line(&mut self, depth: usize, text: &str) {
        self.text.push_str(&"    ".repeat(depth));
        self.text.push_str(text);
        self.text.push('\n');
    }

    fn atom(&mut self) -> String {
        match self.chance.below(9) {
            0..4 => self.chance.pick(LOCALS).to_owned(),
            // Literals beyond the chip's small ints are objects, with which viper does not compute.
            4..6 if self.viper => self.chance.pick(&NUMBERS[..SHORT]).to_owned(),
            4..6 => self.chance.pick(NUMBERS).to_owned(),
            6 => format!("buf[{}]", self.key(31)),
            7 if !self.viper => format!("items[{}]", self.key(3)),
            _ => self.chance.pick(LOCALS).to_owned(),
        }
    }

    /// A key that is seldom beyond the end, and sometimes counted from there.
    fn key(&mut self, most: usize) -> String {
        let local = self.chance.pick(LOCALS);
        match self.chance.below(16) {
            0 => format!("({local} & {most}) + 2"),
            1 if !self.viper => format!("-({local} & {most}) - 1"),
            2 if !self.viper => format!("({local} & 7) - 4"),
            _ => format!("{local} & {most}"),
        }
    }

    fn expression(&mut self, depth: usize) -> String {
        if depth == 0 || self.chance.below(5) == 0 {
            return self.atom();
        }
        let x = self.expression(depth - 1);
        let y = self.expression(depth - 1);
        match self.chance.below(14) {
            0..3 => format!("({x} + {y})"),
            3..5 => format!("({x} - {y})"),
            // Not by anything: ints would grow without end.
            5 if !self.viper => format!("({x} * ({y} & 255))"),
            5 => format!("({x} * {y})"),
            6 => format!("({x} & {y})"),
            7 => format!("({x} | {y})"),
            8 => format!("({x} ^ {y})"),
            9 => format!("({x} << ({y} & 7))"),
            10 => format!("({x} >> ({y} & 31))"),
            11 => format!("({x} // {})", self.divisor(&y)),
            12 => format!("({x} % {})", self.divisor(&y)),
            _ => {
                let op = self.chance.pick(&["-", "~"]);
                format!("({op}{x})")
            }
        }
    }

    /// Seldom zero, which ends the function, and often minus one.
    fn divisor(&mut self, y: &str) -> String {
        match self.chance.below(24) {
            0 => y.to_owned(),
            1 => format!("-({y} & 1)"),
            2 => format!("-({y} & 2 | 1)"),
            _ => format!("({y} | 1)"),
        }
    }

    fn condition(&mut self) -> String {
        let (x, y) = (self.expression(1), self.expression(1));
        let op = self.chance.pick(&["<", "<=", ">", ">=", "==", "!="]);
        let local = self.chance.pick(LOCALS);
        match self.chance.below(8) {
            0 => format!("{x} ^ {local}"),
            1 => format!("not {x} & {local}"),
            2 => format!("{x} {op} {y} and {y}"),
            _ => format!("{x} {op} {y}"),
        }
    }

    fn block(&mut self, depth: usize) {
        for _ in 0..1 + self.chance.below(4) {
            self.statement(depth);
        }
    }

    fn statement(&mut self, depth: usize) {
        let target = self.chance.pick(LOCALS);
        match self.chance.below(if depth > 4 || self.budget == 0 { 9 } else { 14 }) {
            0..4 => {
                let value = self.expression(2);
                self.line(depth, &format!("{target} = {value}"));
            }
            4..6 => {
                let value = self.expression(1);
                let op = self.chance.pick(&["+", "-", "^", "&", "|"]);
                self.line(depth, &format!("{target} {op}= {value}"));
            }
            6 => {
                let value = self.expression(1);
                let key = self.key(31);
                self.line(depth, &format!("buf[{key}] = {value} & 255"));
            }
            7 if self.viper => {
                let value = self.expression(1);
                let words = self.chance.pick(&["half", "word"]);
                self.line(depth, &format!("{words}[{target} & 3] = {value}"));
            }
            7 => {
                let value = self.expression(1);
                let key = self.key(3);
                self.line(depth, &format!("items[{key}] = {value}"));
            }
            8 => {
                let value = self.expression(1);
                self.line(depth, &format!("note({value})"));
            }
            9..11 => {
                let condition = self.condition();
                self.line(depth, &format!("if {condition}:"));
                self.block(depth + 1);
                if self.chance.below(2) == 0 {
                    self.line(depth, "else:");
                    self.block(depth + 1);
                }
            }
            11 => {
                let i = self.counter();
                let condition = self.condition();
                self.line(depth, &format!("{i} = 0"));
                self.line(depth, &format!("while {i} < 9 and ({condition}):"));
                self.line(depth + 1, &format!("{i} += 1"));
                self.round(depth + 1);
            }
            _ => {
                let i = self.counter();
                let range = self.chance.pick(&["7", "2, 9", "9, 1, -3", "-4, 5, 2", "3, 3"]);
                self.line(depth, &format!("for {i} in range({range}):"));
                let value = self.chance.pick(LOCALS);
                self.line(depth + 1, &format!("{value} = {value} + {i}"));
                self.round(depth + 1);
            }
        }
    }

    fn counter(&mut self) -> String {
        self.loops += 1;
        self.budget -= 1;
        format!("i{}", self.loops)
    }

    fn round(&mut self, depth: usize) {
        self.block(depth);
        match self.chance.below(8) {
            0 => self.line(depth, "if a == b: break"),
            1 => self.line(depth, "if c & 1: continue"),
            _ => {}
        }
    }

    fn function(&mut self, number: usize) {
        (self.loops, self.budget) = (0, 5);
        if self.viper {
            self.line(0, "@micropython.viper");
            self.line(
                0,
                &format!("def f{number}(a: int, b: int, c: int, d: int, o, items) -> int:"),
            );
            self.line(1, "buf = ptr8(o); half = ptr16(o); word = ptr32(o)");
        } else {
            self.line(0, "@micropython.native");
            self.line(0, &format!("def f{number}(a, b, c, d, buf, items):"));
        }
        self.line(1, "for i0 in range(12):");
        self.block(2);
        self.statement(2);
        self.line(1, "return a ^ b ^ c ^ d");
        let odd = !self.viper;
        for _ in 0..4 {
            let mut number_or_odd = || match self.chance.below(6) {
                0 if odd => self.chance.pick(ODD),
                _ => self.chance.pick(NUMBERS),
            };
            let (a, b, c, d) = (number_or_odd(), number_or_odd(), number_or_odd(), number_or_odd());
            self.line(0, &format!("show(f{number}, {a}, {b}, {c}, {d})"));
        }
    }
}

const PRELUDE: &str = "
import micropython
noted = 0
def note(v):
    global noted
    if isinstance(v, int): noted = (noted * 31 + v) & 0xffffff
def show(f, a, b, c, d):
    buf = bytearray(range(40, 72))
    items = [1, -1, 1 << 40, 4611686018427387903, 5]
    try:
        print(f(a, b, c, d, buf, items))
    except Exception as e:
        print(repr(e))
    print(buf, items, noted)
";

/// What a script prints, and how long it took by the steps that were counted.
fn run(source: &str, jit: Option<u32>) -> (String, u64) {
    let config = Config {
        heap_initial: 1 << 20,
        heap_max: 1 << 20,
        stack_bytes: 60_000,
        single_precision: false,
    };
    let port = Kept::default();
    let out = port.output();
    let mut vm = Vm::new(Rom::new(coil_modules::ALL), Box::new(port), config);
    vm.machine_code = jit.map(|rounds| Box::new(Jit::after(rounds)) as _);
    let module = vm.new_module(names::main).expect("an empty heap has room for a module");
    let dict = vm.module_dict(module).expect("a module has a dict");
    vm.pin(module);
    if vm.exec_source(source.as_bytes(), "script.py", Mode::Module, dict).is_err() {
        out.add_exception(&mut vm);
    }
    (out.text(), vm.port.now_us())
}

fn differ(viper: bool, seeds: core::ops::Range<u64>) {
    let mut results = 0;
    for seed in seeds {
        let chance = Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let text = PRELUDE.to_owned();
        let mut writer = Writer { chance, viper, text, loops: 0, budget: 0 };
        for number in 0..4 {
            writer.function(number);
        }
        let source = writer.text;
        let plain = run(&source, None);
        for rounds in [0, 5] {
            let ours = run(&source, Some(rounds));
            assert!(ours == plain, "seed {seed}\n{source}\n{}\n{}", plain.0, ours.0);
        }
        let compiled = !plain.0.contains("Traceback");
        assert!(compiled, "seed {seed}: {}\n{source}", plain.0);
        results += plain.0.lines().filter(|l| l.parse::<i64>().is_ok()).count();
    }
    assert!(results > 500, "most functions return a number, {results} did");
}

#[test]
fn functions_of_small_ints_give_the_same() {
    differ(false, 1..60);
}

#[test]
fn functions_of_32_bits_give_the_same() {
    differ(true, 1..60);
}

//! Running a program: backtracking, with the reference's bound on how much there is to take back.

use super::Regex;
use super::compile::{
    ANY, BOL, CHAR, CLASS, CLASS_NOT, EOL, IS_NAMED, JUMP, MATCH, NAMED, PREFIX_LEN, RSPLIT, SAVE,
    SPLIT,
};
use alloc::vec;
use alloc::vec::Vec;
use coil_vm::{Raised, Vm};

/// Start and end of each group.
pub(super) type Caps = Vec<Option<usize>>;

/// What is searched, and from where on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subject<'a> {
    pub(super) text: &'a [u8],
    pub(super) start: usize,
}

/// What is done when a way turns out to be wrong.
enum Undo {
    Go { pc: usize, at: usize },
    Restore { slot: usize, old: Option<usize> },
}

/// Bytes of the device's stack that one thing to take back costs there.
const FRAME: u32 = 48;
/// Instructions between two looks at the console.
const STEPS: u32 = 1 << 16;

/// The groups of the first match, if there is one.
pub(super) fn run(
    vm: &mut Vm,
    re: &Regex,
    subject: Subject<'_>,
    anchored: bool,
) -> Result<Option<Caps>, Raised> {
    let most = (vm.stack_limit().saturating_sub(vm.stack_used()) / FRAME) as usize;
    let mut caps: Caps = vec![None; (re.groups + 1) * 2];
    let mut undo: Vec<Undo> = Vec::new();
    let (mut pc, mut at) = (if anchored { PREFIX_LEN } else { 0 }, subject.start);
    let mut steps = 0;
    loop {
        steps += 1;
        if steps == STEPS {
            steps = 0;
            vm.poll()?;
        }
        let operand = re.code.get(pc + 1).copied().unwrap_or(0);
        let target = (pc + 2).wrapping_add_signed(isize::from(operand as i8));
        let goes_on = match re.code.get(pc).copied().unwrap_or(MATCH) {
            MATCH => return Ok(Some(caps)),
            JUMP => {
                pc = target;
                true
            }
            SPLIT => {
                undo.push(Undo::Go { pc: target, at });
                pc += 2;
                true
            }
            RSPLIT => {
                undo.push(Undo::Go { pc: pc + 2, at });
                pc = target;
                true
            }
            SAVE => {
                if let Some(slot) = caps.get_mut(usize::from(operand)) {
                    undo.push(Undo::Restore { slot: operand.into(), old: *slot });
                    *slot = Some(at);
                }
                pc += 2;
                true
            }
            BOL => {
                pc += 1;
                at == 0
            }
            EOL => {
                pc += 1;
                at == subject.text.len()
            }
            _ => match subject.text.get(at).and_then(|&c| consume(&re.code, pc, c)) {
                Some(length) => {
                    pc += length;
                    at += 1;
                    true
                }
                None => false,
            },
        };
        if undo.len() > most {
            return Err(vm.runtime_error("maximum recursion depth exceeded"));
        }
        if !goes_on {
            match take_back(&mut undo, &mut caps) {
                None => return Ok(None),
                Some(other) => (pc, at) = other,
            }
        }
    }
}

/// Goes back to the last place where another way was left, with the groups as they were there.
fn take_back(undo: &mut Vec<Undo>, caps: &mut Caps) -> Option<(usize, usize)> {
    loop {
        match undo.pop()? {
            Undo::Restore { slot, old } => caps[slot] = old,
            Undo::Go { pc, at } => return Some((pc, at)),
        }
    }
}

/// If an instruction takes a byte, how long the instruction is.
fn consume(code: &[u8], pc: usize, c: u8) -> Option<usize> {
    let operand = code.get(pc + 1).copied().unwrap_or(0);
    match code[pc] {
        CHAR => (operand == c).then_some(2),
        ANY => Some(1),
        NAMED => in_named(operand, c).then_some(2),
        op @ (CLASS | CLASS_NOT) => {
            let pairs = code.get(pc + 2..pc + 2 + 2 * usize::from(operand))?;
            let inside = pairs.chunks_exact(2).any(|p| match p[0] {
                IS_NAMED => in_named(p[1], c),
                low => (low..=p[1]).contains(&c),
            });
            (inside == (op == CLASS)).then_some(2 + pairs.len())
        }
        _ => None,
    }
}

fn in_named(name: u8, c: u8) -> bool {
    let inside = match name | 0x20 {
        b'd' => c.is_ascii_digit(),
        b's' => matches!(c, b' ' | 9..=13),
        _ => c.is_ascii_alphanumeric() || c == b'_',
    };
    inside == (name & 0x20 != 0)
}

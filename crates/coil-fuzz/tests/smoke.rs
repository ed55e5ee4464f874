//! Every target on changed seeds, with fixed numbers: what the fuzzer would call, so that the
//! targets never rot.
//!
//! `COIL_FUZZ_ROUNDS` multiplies the inputs and `COIL_FUZZ_SEED` makes others of them.

use coil_fuzz::chance::Random;
use coil_fuzz::{Changer, root, seeds, target};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::{Duration, Instant};

/// The stack that a board has.
const STACK: usize = 1 << 20;
/// How long an input may take; the slowest take a tenth of a second.
const PATIENCE: Duration = Duration::from_secs(20);

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(otherwise)
}

/// Gives a target its seeds as they are and then changed ones, on a stack as a board's.
fn smoke(name: &'static str) {
    let body = move || {
        let target = target(name).expect("it is listed");
        let seeds = seeds(name);
        for seed in &seeds {
            attempt(name, target.run, seed);
        }
        let random = Random(number("COIL_FUZZ_SEED", 1));
        let mut changer = Changer { seeds: &seeds, words: target.words, random };
        for _ in 0..u64::from(target.rounds) * number("COIL_FUZZ_ROUNDS", 1) {
            attempt(name, target.run, &changer.input());
        }
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(body);
    if let Err(e) = thread.expect("a thread can be had").join() {
        resume_unwind(e);
    }
}

/// Gives a target an input; one that it cannot take is kept in a file.
fn attempt(name: &str, run: fn(&[u8]), input: &[u8]) {
    let start = Instant::now();
    let done = catch_unwind(AssertUnwindSafe(|| run(input)));
    let slow = start.elapsed() > PATIENCE;
    if done.is_err() || slow {
        let file = root().join("target").join(format!("fuzz-{name}.input"));
        std::fs::write(&file, input).expect("the folder of builds can be written");
        panic!("{name} cannot take {}{}", file.display(), if slow { ": too slow" } else { "" });
    }
}

macro_rules! smoke {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            smoke(stringify!($name));
        })*

        #[test]
        fn every_target_is_tried_and_has_its_file() {
            let tried = [$(stringify!($name)),*];
            let listed: Vec<_> = coil_fuzz::TARGETS.iter().map(|t| t.name).collect();
            assert_eq!(tried[..], listed);
            for name in listed {
                let file = root().join(format!("fuzz/fuzz_targets/{name}.rs"));
                let text = std::fs::read_to_string(&file).unwrap_or_default();
                assert!(text.contains(&format!("coil_fuzz::run(\"{name}\"")), "{}", file.display());
            }
        }
    };
}

smoke! {
    parser grammar program collector modules mpy repl framing flash air frames http mqtt db_json tls events recording scenario control
    webrepl rfc2217 rfc2217_client circuit drawing parts loader profile stubs explain
}

//! Many boards in one program, with tools on all of their ports at once.

use super::{or_skip, python, transcript::Place};
use crate::support::{Lab, tool};
use std::time::{Duration, Instant};

/// Boards; more by hand: `COIL_FLEET=50`.
const BOARDS: usize = 10;
/// Tools that run at the same time: one that computes is enough for a core.
const AT_ONCE: usize = 4;
/// What is allowed for each board, on a machine that does other things as well.
const PATIENCE: Duration = Duration::from_secs(15);

/// What runs on boards, in turn.
const SCRIPTS: &[&str] = &[
    "$ mpremote connect {tty} fs cp a.bin : + fs cp :a.bin {n}.bin + eval \"{n} * 2\"\n\
     cp a.bin :\ncp :a.bin {n}.bin\n{twice}\n$ cmp a.bin {n}.bin\n",
    "$ ampy --port {tty} put twice.py\n$ ampy --port {tty} run {n}.py\n{twice}\n",
    "$ rshell --quiet --nocolor --port {tty} ls /pyboard\n…boot.py…\n\
     $ mpremote connect {tty} run {n}.py\n{twice}\n",
    "$ mpremote connect {tty} mount . exec \"import twice; print(twice.twice({n}))\"\n\
     Local directory . is mounted at /remote\n{twice}\n",
];

/// And in a notebook.
const NOTEBOOK: &str =
    "# Cells.\n%serialconnect --port={tty}\n=>\n…Ready.…\n--\nprint({n} * 2)\n=>\n{twice}\n";

#[test]
fn tools_on_all_boards_at_once_each_get_their_own_answers() {
    or_skip!(tool("mpremote"));
    let boards = std::env::var("COIL_FLEET").ok().and_then(|n| n.parse().ok()).unwrap_or(BOARDS);
    let lab = Lab::start(&["--boards", &boards.to_string()]);
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join("a.bin"), [7; 3000]).expect("written");
    let twice = "def twice(n):\n    return 2 * n\n";
    std::fs::write(dir.path().join("twice.py"), twice).expect("written");
    for n in 0..boards {
        std::fs::write(dir.path().join(format!("{n}.py")), format!("print({n} + {n})\n"))
            .expect("written");
    }
    let start = Instant::now();
    let next = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE.max(boards / 5) {
            scope.spawn(|| {
                loop {
                    let n = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    if n >= boards {
                        return;
                    }
                    let tty = lab.dir.path().join(format!("tty-board{n}"));
                    let Some(script) = SCRIPTS.get(n % (SCRIPTS.len() + 1)) else {
                        let cells = NOTEBOOK.replace("{tty}", &tty.display().to_string());
                        let cells = cells.replace("{n}", &n.to_string());
                        let cells = cells.replace("{twice}", &(2 * n).to_string());
                        assert_eq!(python(include_str!("jupyter.py"), &[], &cells), "done\n");
                        continue;
                    };
                    let names = vec![
                        ("tty", tty.display().to_string()),
                        ("n", n.to_string()),
                        ("twice", (2 * n).to_string()),
                    ];
                    Place { dir: dir.path(), names }.play(script);
                }
            });
        }
    });
    let took = start.elapsed();
    let limit = PATIENCE * u32::try_from(boards).expect("few");
    assert!(took < limit, "{boards} boards took {took:?}");
    println!("{boards} boards took {took:?}");
}

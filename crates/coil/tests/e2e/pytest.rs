//! The plugin for pytest: installed as its users do, with boards as their tests use them.

use crate::support::{COIL, text, tool};
use std::path::Path;
use std::process::Command;

const TESTS: &str = r#"
import time

import pytest
from pytest_coil import BoardError


def test_an_hour_takes_no_time(board):
    start = time.monotonic()
    out = board.exec("import time\ntime.sleep(3600)\nprint(time.ticks_ms() >= 3600000)", timeout="2h")
    assert out == "True\n"
    assert time.monotonic() - start < 1


def test_exceptions_are_told(board):
    with pytest.raises(BoardError, match="ValueError: no"):
        board.exec("raise ValueError('no')")
    assert board.exec("print(1 + 1)") == "2\n"


def test_what_does_not_end_is_told(board):
    with pytest.raises(BoardError, match="did not end within 3s"):
        board.exec("while True:\n    pass", timeout=3)
    assert board.exec("print('again')") == "again\n"


@pytest.mark.coil(circuit="circuit.toml")
def test_parts_are_pressed_and_seen(board, tmp_path):
    program = tmp_path / "follow.py"
    program.write_text(
        "from machine import Pin\nimport time\n"
        "b = Pin(12, Pin.IN, Pin.PULL_UP)\nled = Pin(27, Pin.OUT)\n"
        "while True:\n    led(not b())\n    time.sleep_ms(10)\n"
    )
    board.start(program)
    board.advance("1s")
    assert board.pin("D6") in (0, None)
    board.press("btn", "200ms")
    board.advance("100ms")
    assert board.pin("D6") == 1 and board.shows("led")["lit"] is True
    result = board.advance(1)
    assert board.pin(27) == 0 and board.shows("led")["lit"] is False
    assert result.running
    assert any(e["event"] == "part" and e["part"] == "btn" for e in board.events())
    with pytest.raises(BoardError, match="there is no part `bin`"):
        board.press("bin")
    with pytest.raises(BoardError, match="no pin"):
        board.pin("D99")


def test_files_start_with_the_board(board):
    board.put("/lib/words.py", "word = 'hello'\n")
    board.put("main.py", b"import words\nprint(words.word)\n")
    assert board.reset().output.endswith("hello\n")
    assert board.exec("print(words.word)") == "hello\n"


@pytest.mark.coil(firmware="1.19.1", device="esp32-devkitc")
def test_a_mark_says_which_board_it_is(board):
    assert board.about["device"] == "esp32-devkitc"
    assert "1, 19, 1" in board.exec("import sys\nprint(sys.implementation[1])")


def test_output_comes_with_time(board, tmp_path):
    program = tmp_path / "tick.py"
    program.write_text("import time\nfor i in range(3):\n    print(i)\n    time.sleep(1)\n")
    board.start(program)
    assert board.advance("1500ms").output == "0\n1\n"
    last = board.advance(10)
    assert (last.output, last.running, last.error) == ("2\n", False, None)
"#;
const CIRCUIT: &str = "
[parts.led]
kind = 'led'
pins = { anode = 'D6', cathode = 'GND' }
[parts.btn]
kind = 'button'
pins = { a = 'D8', b = 'GND' }
";

#[test]
fn pytest_has_boards() {
    let Some(python) = tool("python") else { return };
    let plugin = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../python/pytest-coil");
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    // Building a package leaves files beside it.
    let source = path("source");
    std::fs::create_dir_all(source.join("pytest_coil")).expect("a folder");
    for name in [
        "pyproject.toml",
        "README.md",
        "pytest_coil/__init__.py",
        "pytest_coil/board.py",
        "pytest_coil/plugin.py",
    ] {
        std::fs::copy(plugin.join(name), source.join(name)).expect("copied");
    }
    std::fs::create_dir(path("tests")).expect("a folder");
    std::fs::write(path("tests/test_board.py"), TESTS).expect("written");
    std::fs::write(path("tests/circuit.toml"), CIRCUIT).expect("written");
    let packages = path("packages");
    let run = |args: &[&str]| {
        let out = Command::new(&python)
            .args(args)
            .env("PYTHONPATH", &packages)
            .env("COIL", COIL)
            .current_dir(path("tests"))
            .output()
            .expect("python starts");
        assert!(out.status.success(), "{}{}", text(&out.stdout), text(&out.stderr));
        text(&out.stdout)
    };
    let quiet = ["-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"];
    let [to, from] = [&packages, &source].map(|p| p.display().to_string());
    run(&[&quiet[..], &["--target", &to, &from]].concat());
    let told = run(&["-m", "pytest", "-q"]);
    assert!(told.contains("7 passed"), "{told}");
}

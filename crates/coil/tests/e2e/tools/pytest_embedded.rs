//! pytest-embedded's `serial` service, by the device's own name and by the stable one.

use super::{Bare, or_skip, transcript::Place};
use crate::support::tool;

const TESTS: &str = r#"
def test_the_prompt_answers(dut):
    dut.write("\r\x03")
    dut.expect_exact(">>> ")
    dut.write("print(6 * 7)\r")
    match = dut.expect(r"\r\n(\d+)\r\n>>> ")
    assert match.group(1) == b"42"


def test_restarts_are_seen(dut):
    dut.write("\r\x03\x04")
    dut.expect_exact("MPY: soft reboot")
    dut.expect("MicroPython v1.29.0")
    dut.write("import machine; machine.reset()\r")
    dut.expect_exact("rst:0xc (SW_CPU_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)")
    dut.expect_exact('Type "help()" for more information.')
"#;

#[test]
fn pytest_embedded_expects_and_writes() {
    or_skip!(tool("pytest"));
    let board = Bare::start();
    std::fs::write(board.path().join("test_board.py"), TESTS).expect("written");
    let names = vec![("tty", board.tty()), ("pts", board.pts())];
    Place { dir: board.path(), names }.play(
        "= p pytest -q -p no:cacheprovider --embedded-services serial\n\
         $ p --port {tty}\n…2 passed…\n\
         $ p --port {pts}\n…2 passed…\n",
    );
}

//! pytest-embedded: its service `serial` by the device's own name and by the stable one, and `esp`, which resets by
//! lines and flashes, over RFC 2217.

use super::{Bare, or_skip, transcript::Place};
use crate::support::{Lab, tool};

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

const ESP_TESTS: &str = r#"
def test_the_boot_text_is_read_after_a_reset_by_lines(dut):
    dut.expect_exact("rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)")
    dut.expect_exact('Type "help()" for more information.')
    dut.write("print(6 * 7)\r")
    dut.expect_exact("42")
    assert dut.serial.target == "esp32"
    dut.serial.hard_reset()
    dut.expect_exact("boot:0x13 (SPI_FAST_FLASH_BOOT)")
    dut.expect_exact('Type "help()" for more information.')


def test_an_erased_flash_is_that_of_a_new_board(dut):
    dut.expect_exact('Type "help()" for more information.')
    dut.write("open('kept.txt', 'w').close(); import os; print('kept.txt' in os.listdir())\r")
    dut.expect_exact("True")
    dut.serial.erase_flash()
    dut.serial.hard_reset()
    dut.expect_exact('Type "help()" for more information.')
    dut.write("import os; print('kept.txt' in os.listdir())\r")
    dut.expect_exact("False")
"#;

#[test]
fn pytest_embedded_resets_and_flashes_by_the_lines_of_rfc_2217() {
    or_skip!(tool("pytest"));
    let lab = Lab::start(&[]);
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join("test_board.py"), ESP_TESTS).expect("written");
    let port = lab.status()["boards"][0]["rfc2217"].as_str().expect("a text").to_owned();
    Place { dir: dir.path(), names: vec![("port", port)] }.play(
        "$ pytest -q -p no:cacheprovider --embedded-services esp,serial --target esp32 --port {port}\n…2 passed…\n",
    );
}

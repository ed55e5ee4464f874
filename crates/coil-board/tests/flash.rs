//! What stays on the flash when the power goes, and in which form.

mod board;

use board::{Chip, firmware, put_update_table, run};
use coil_board::outside::Flash;

/// Bytes of the flash.
fn bytes(flash: &Chip, at: u32, n: usize) -> Vec<u8> {
    let mut bytes = vec![0; n];
    flash.clone().read(at, &mut bytes).expect("inside the flash");
    bytes
}

#[test]
fn settings_and_files_are_there_after_the_power_was_off() {
    let (rom, flash) = (firmware(), Chip::erased());
    let first = "
from esp32 import NVS
n = NVS('lab')
n.set_i32('x', 5)
n.set_blob('b', b'abc')
open('note.txt', 'w').write('kept')
f = open('note.txt', 'w')
f.write('kept')
f.close()
";
    assert_eq!(run(&rom, &flash, first, false), "");
    let second = "
from esp32 import NVS
n = NVS('lab')
b = bytearray(3)
print(n.get_i32('x'), n.get_blob('b', b), b, open('note.txt').read())
";
    assert_eq!(run(&rom, &flash, second, false), "5 3 bytearray(b'abc') kept\n");
}

#[test]
fn settings_are_pages_as_the_esp_idf_writes_them() {
    let (rom, flash) = (firmware(), Chip::erased());
    run(&rom, &flash, "from esp32 import NVS\nNVS('lab').set_i32('x', 5)\n", false);
    let page = bytes(&flash, 0x9000, 4096);
    // Active, the first one, version 2 of the format.
    assert_eq!(page[..9], [0xfe, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xfe]);
    // Two entries are written.
    assert_eq!(page[32], 0xfa);
    // The namespace: of namespace 0, an 8-bit number, its key and its value.
    assert_eq!(page[64..68], [0, 1, 1, 0xff]);
    assert_eq!(page[72..77], *b"lab\0\0");
    assert_eq!(page[88], 1);
    // The setting: of namespace 1, a signed 32-bit number.
    assert_eq!(page[96..100], [1, 0x14, 1, 0xff]);
    assert_eq!(page[104..106], *b"x\0");
    assert_eq!(page[120..128], [5, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]);
}

#[test]
fn a_new_flash_gets_the_table_and_the_application_that_flashing_puts_there() {
    let (rom, flash) = (firmware(), Chip::erased());
    run(&rom, &flash, "", false);
    let table = bytes(&flash, 0x8000, 4 * 32);
    assert_eq!(table[..8], [0xaa, 0x50, 1, 2, 0, 0x90, 0, 0]);
    assert_eq!(table[64 + 12..64 + 19], *b"factory");
    assert_eq!(table[96..98], [0xeb, 0xeb]);
    assert_eq!(bytes(&flash, 0x10000, 1), [0xe9]);
}

#[test]
fn an_update_that_does_not_confirm_itself_is_given_up() {
    let (rom, mut flash) = (firmware(), Chip::erased());
    put_update_table(&mut flash);
    let running = "from esp32 import Partition as P\nprint(P(P.RUNNING).info()[4])\n";
    let update = "
from esp32 import Partition as P
here = P(P.RUNNING)
there = here.get_next_update()
block = bytearray(4096)
for n in range(4):
    here.readblocks(n, block)
    there.writeblocks(n, block)
there.set_boot()
print(P(P.BOOT).info()[4])
";
    let confirm = "from esp32 import Partition as P\nP.mark_app_valid_cancel_rollback()\n";
    assert_eq!(run(&rom, &flash, running, false), "ota_0\n");
    assert_eq!(run(&rom, &flash, update, false), "ota_1\n");
    assert_eq!(run(&rom, &flash, running, false), "ota_1\n");
    // It did not say that it works: back to the one before.
    assert_eq!(run(&rom, &flash, running, false), "ota_0\n");
    assert_eq!(run(&rom, &flash, update, false), "ota_1\n");
    assert_eq!(run(&rom, &flash, &(running.to_owned() + confirm), false), "ota_1\n");
    assert_eq!(run(&rom, &flash, running, false), "ota_1\n");
    assert_eq!(run(&rom, &flash, running, false), "ota_1\n");
}

#[test]
fn an_application_that_was_not_written_whole_is_not_chosen() {
    let (rom, mut flash) = (firmware(), Chip::erased());
    put_update_table(&mut flash);
    let update = "
from esp32 import Partition as P
there = P(P.RUNNING).get_next_update()
there.writeblocks(0, bytes([0xe9, 1]) + bytes(4094))
try:
    there.set_boot()
except OSError as e:
    print(e)
";
    assert_eq!(run(&rom, &flash, update, false), "(-5379, 'ESP_ERR_OTA_VALIDATE_FAILED')\n");
}

//! What a board prints on its way up.

use crate::chip::ResetCause;
use crate::profile::Profile;
use alloc::string::String;

/// Text of the ROM and the bootloader, line ends as on the wire.
pub(crate) fn rom_text(profile: &Profile, cause: ResetCause) -> String {
    let text = profile
        .rom_banner
        .replace("{rst}", cause.rom_text())
        .replace("{boot}", "0x13 (SPI_FAST_FLASH_BOOT)");
    (text + &profile.boot_log).replace('\n', "\r\n")
}

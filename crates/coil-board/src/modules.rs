//! The firmware's own modules: a file and a row each.

mod builtins;
mod esp;
pub(crate) mod esp32;
pub(crate) mod machine;
mod net;
mod onewire;
mod os;
mod thread;

use alloc::vec::Vec;
use coil_vm::rom::ModuleDef;

/// Every module of the firmware, the portable ones included.
pub fn all() -> Vec<&'static ModuleDef> {
    let mut all = coil_modules::ALL.to_vec();
    all.extend([
        &builtins::MODULE,
        &esp::MODULE,
        &esp32::MODULE,
        &machine::MODULE,
        &net::network::MODULE,
        &net::socket::MODULE,
        &net::socket::USOCKET,
        &net::tls::MODULE,
        &net::tls::SSL,
        &net::tls::USSL,
        &net::websocket::MODULE,
        &onewire::MODULE,
        &os::MODULE,
        &os::VFS,
        &thread::MODULE,
    ]);
    all
}

//! The firmware's own modules: a file and a row each.

mod builtins;
mod esp;
pub(crate) mod esp32;
pub(crate) mod machine;
mod net;
mod older;
mod onewire;
mod os;
mod thread;

pub(crate) use net::socket_callback;

use crate::profile::Profile;
use alloc::string::String;
use alloc::vec::Vec;
use coil_vm::compiler::Grammar;
use coil_vm::rom::{Edition, Item, ModuleDef, Rom};
use coil_vm::shared::Shared;
use coil_vm::{Raised, Vm};

/// What is fixed in a firmware generation, to be shared by its boards.
pub fn rom(profile: &Profile) -> Shared<Rom> {
    let modules = &profile.modules;
    let without: Vec<&str> = modules.absent.iter().map(|s| s.as_str()).collect();
    let mut with: Vec<(&str, Item)> = Vec::new();
    for (owner, name, item) in older::ROWS {
        let is_named = |path: &String| path.rsplit_once('.') == Some((owner, name));
        if modules.older.iter().any(is_named) {
            with.push((owner, *item));
        }
    }
    let u_names: Option<Vec<&str>> =
        modules.u_names.as_ref().map(|all| all.iter().map(|s| s.as_str()).collect());
    let mut edition =
        Edition { without: &without, u_names: u_names.as_deref(), ..Edition::default() };
    if !profile.switches.newlib_errno {
        edition.errno = older::ERRNO;
        with.extend(older::ERRNO.iter().map(|&(name, n)| ("errno", Item::Int(name, n))));
    }
    edition.with = &with;
    edition.grammar = Grammar::without(profile.switches.without_syntax.iter().map(|s| s.as_str()));
    let mut all = all();
    all.extend(older::MODULES.iter().filter(|m| modules.older.iter().any(|name| name == m.name)));
    Rom::edition(&all, &edition)
}

/// The number that the firmware itself raises when time has run out.
pub(crate) fn etimedout(vm: &mut Vm) -> i64 {
    if crate::chip::Chip::of(vm).profile.switches.newlib_errno { 116 } else { 110 }
}

/// OSError: time has run out.
pub(crate) fn timed_out(vm: &mut Vm) -> Raised {
    let errno = etimedout(vm);
    vm.os_error(errno)
}

/// Every module of the current firmware, the portable ones included.
pub fn all() -> Vec<&'static ModuleDef> {
    let mut all = coil_modules::ALL.to_vec();
    all.extend([
        &builtins::MODULE,
        &esp::MODULE,
        &esp32::MODULE,
        &machine::MODULE,
        &net::espnow::MODULE,
        &net::network::MODULE,
        &net::socket::MODULE,
        &net::tls::MODULE,
        &net::tls::SSL,
        &net::webrepl::MODULE,
        &net::websocket::MODULE,
        &onewire::MODULE,
        &os::MODULE,
        &os::VFS,
        &thread::MODULE,
    ]);
    all
}

//! What the firmware calls when a socket can be read: option 20 of `setsockopt`, which WebREPL lives by.

use super::radio;
use crate::chip::Chip;
use alloc::vec::Vec;
use coil_vm::{Value, Vm};

/// The sockets that have somebody to call.
#[derive(Debug, Default)]
pub(crate) struct SocketCallbacks {
    active: Vec<Entry>,
    /// Places of the machine that are free again.
    free: Vec<usize>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    /// The radio's number of the socket.
    id: usize,
    /// Where the machine keeps the function; the socket is in the place after it.
    place: usize,
}

impl SocketCallbacks {
    /// Nobody is called any more: the machine that kept them is gone.
    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }
}

/// Sets what is called with a socket that can be read; `None` for nothing.
pub(super) fn set(vm: &mut Vm, socket: Value, id: usize, f: Value) {
    drop_of(vm, id);
    if f == Value::NONE {
        return;
    }
    let place = match Chip::of(vm).socket_callbacks.free.pop() {
        Some(place) => {
            vm.set_pinned(place, f);
            vm.set_pinned(place + 1, socket);
            place
        }
        None => {
            let place = vm.pin(f);
            vm.pin(socket);
            place
        }
    };
    Chip::of(vm).socket_callbacks.active.push(Entry { id, place });
}

/// Calls nobody any more for a socket.
pub(super) fn drop_of(vm: &mut Vm, id: usize) {
    let callbacks = &mut Chip::of(vm).socket_callbacks;
    if let Some(i) = callbacks.active.iter().position(|e| e.id == id) {
        let Entry { place, .. } = callbacks.active.remove(i);
        callbacks.free.push(place);
        vm.set_pinned(place, Value::NONE);
        vm.set_pinned(place + 1, Value::NONE);
    }
}

/// Asks for the calls that are due. A socket that stays readable is called for again and again.
pub(crate) fn attend(vm: &mut Vm) {
    for i in 0..Chip::of(vm).socket_callbacks.active.len() {
        let Entry { id, place } = Chip::of(vm).socket_callbacks.active[i];
        if radio(vm).ready(id).is_ok_and(|ready| ready.readable) {
            let (f, socket) = (vm.pinned(place), vm.pinned(place + 1));
            if !vm.is_scheduled(f, socket) {
                vm.schedule(f, socket);
            }
        }
    }
}

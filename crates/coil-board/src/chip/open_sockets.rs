//! Which sockets are open, and where in the program each was opened: what learners need who forget to close them.

use super::Chip;
use crate::look::SocketView;
use crate::outside::{Event, Kind};
use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use coil_vm::Vm;

/// Calls that are told of each, the innermost first.
const CALLS_MAX: usize = 8;

/// Those that are open, by the radio's numbers.
#[derive(Debug, Default)]
pub(crate) struct OpenSockets(BTreeMap<usize, Opened>);

#[derive(Debug)]
struct Opened {
    kind: &'static str,
    calls: Vec<String>,
}

impl OpenSockets {
    /// All of them, by their numbers.
    pub(crate) fn all(&self) -> Vec<SocketView> {
        let all = self.0.iter();
        all.map(|(&socket, Opened { kind, calls })| SocketView {
            socket: socket as u32,
            kind,
            calls: calls.clone(),
        })
        .collect()
    }

    /// All are closed, at once.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

/// One has been opened by what runs now.
pub(crate) fn opened(vm: &mut Vm, socket: usize, kind: &'static str) {
    let calls = calls(vm);
    Chip::of(vm).open_sockets.0.insert(socket, Opened { kind, calls });
    tell(vm, socket, true);
}

/// One is about to be closed.
pub(crate) fn closing(vm: &mut Vm, socket: usize) {
    tell(vm, socket, false);
    Chip::of(vm).open_sockets.0.remove(&socket);
}

fn tell(vm: &mut Vm, socket: usize, opened: bool) {
    let now = vm.port.now_us();
    let chip = Chip::of(vm);
    if !chip.is_watched(Kind::Socket) {
        return;
    }
    let sockets = &chip.open_sockets.0;
    let Some(Opened { kind, calls }) = sockets.get(&socket) else { return };
    let event = Event::Socket {
        socket: socket as u32,
        opened,
        kind: Cow::Borrowed(kind),
        open: (sockets.len() - usize::from(!opened)) as u32,
        calls: calls.clone(),
    };
    chip.emit(now, event);
}

/// Memory of the chip has been taken by what runs now, or given back.
pub(crate) fn heap_changed(vm: &mut Vm, taken: bool) {
    if !Chip::of(vm).is_watched(Kind::IdfHeap) {
        return;
    }
    let calls = if taken { calls(vm) } else { Vec::new() };
    let now = vm.port.now_us();
    let chip = Chip::of(vm);
    let (free, lowest) = (chip.idf_heap.free(), chip.idf_heap.lowest());
    chip.emit(now, Event::IdfHeap { free, lowest, calls });
}

/// The calls that are under way, the innermost first.
fn calls(vm: &mut Vm) -> Vec<String> {
    let calls = vm.calls().into_iter().rev().take(CALLS_MAX);
    calls.map(|c| format!("{}:{} {}", c.file, c.line, c.function)).collect()
}

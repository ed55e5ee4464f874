//! What the machine tells of a program, as events.

use super::Chip;
use crate::outside::event::PRINT_MAX;
use crate::outside::{Event, Kind};
use alloc::string::{String, ToString};
use coil_vm::{Told, Vm};

/// The machine's witness.
pub(crate) fn witness(vm: &mut Vm, told: Told<'_>) {
    let kind = match told {
        Told::Text(_) => Kind::Print,
        Told::Exception { .. } => Kind::Exception,
        Told::NoMemory { .. } => Kind::NoMemory,
    };
    // A machine may be used before it has a chip.
    if !vm.try_state::<Chip>().is_some_and(|chip| chip.is_watched(kind)) {
        return;
    }
    let now = vm.port.now_us();
    match told {
        Told::Text(text) => {
            for part in text.chunks(PRINT_MAX) {
                Chip::of(vm).emit(now, Event::Print { bytes: part.into() });
            }
        }
        Told::Exception { exception, origin, text } => {
            let kind = vm.type_name(exception).to_string();
            let text = String::from_utf8_lossy(text).into_owned();
            let origin = origin.to_string().into();
            Chip::of(vm).emit(now, Event::Exception { kind, origin, text });
        }
        Told::NoMemory { bytes, free } => {
            Chip::of(vm).emit(now, Event::NoMemory { bytes, free });
        }
    }
}

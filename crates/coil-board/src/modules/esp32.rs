//! `esp32`: what only this chip has.

mod nvs;
pub(crate) mod partition;
mod pcnt;
pub(crate) mod rmt;
mod ulp;
mod wake;

use crate::chip::{self, Chip};
use coil_vm::rom::{Args, Item, ModuleDef, def};
use coil_vm::{Raised, Res, Value, Vm, types};

/// `esp32`
pub(crate) static MODULE: ModuleDef = ModuleDef {
    name: "esp32",
    items: &[
        Item::Type("NVS", &nvs::NVS),
        Item::Type("Partition", &partition::PARTITION),
        Item::Type("PCNT", &pcnt::PCNT),
        Item::Type("_PCNTIRQ", &pcnt::IRQ),
        Item::Type("RMT", &rmt::RMT),
        Item::Type("ULP", &ulp::ULP),
        wake::ON_TOUCH,
        wake::ON_ULP,
        wake::ON_EXT0,
        wake::ON_EXT1,
        wake::ON_GPIO,
        wake::DEEP_HOLD,
        def("raw_temperature()", |vm, _| {
            chip::poll(vm)?;
            Ok(Value::int(i64::from(Chip::of(vm).analog.fahrenheit)))
        }),
        def("idf_heap_info(capabilities)", heap_info),
        Item::Value("WAKEUP_ALL_LOW", Value::FALSE),
        Item::Value("WAKEUP_ANY_HIGH", Value::TRUE),
        Item::Int("HEAP_DATA", HEAP_DATA),
        Item::Int("HEAP_EXEC", HEAP_EXEC),
    ],
    attr: None,
};

/// Memory that is accessible by bytes.
const HEAP_DATA: i64 = 1 << 2;
/// Memory that code can run from.
const HEAP_EXEC: i64 = 1;
/// The chip's regions of memory that are fixed in size: capabilities, bytes. What the system itself
/// takes of them is not modelled.
const REGIONS: [(i64, u32); 4] = [
    (HEAP_DATA, 0x1920),
    (HEAP_DATA | HEAP_EXEC, 0x3ae0),
    (HEAP_DATA | HEAP_EXEC, PYTHON),
    (HEAP_EXEC, 0xcbcc),
];
/// The region that Python's memory is taken from.
const PYTHON: u32 = 0x1_bcb0;

fn heap_info(vm: &mut Vm, args: Args) -> Res {
    let wanted = vm.expect_int(vm.arg(args, 0))?;
    let python = vm.heap.stats().total;
    let heap = Chip::of(vm).idf_heap;
    // WiFi and TLS take from a region of their own.
    let shared = (HEAP_DATA, heap.size(), heap.free(), heap.lowest());
    let fixed = REGIONS.map(|(can, size)| {
        let free = if size == PYTHON { size.saturating_sub(python) } else { size };
        (can, size, free, free)
    });
    let list = vm.new_list(&[])?;
    for (can, size, free, lowest) in core::iter::once(shared).chain(fixed) {
        if can & wanted == wanted {
            let fields = [size, free, free, lowest].map(|n| Value::int(i64::from(n)));
            let region = vm.new_tuple(&fields)?;
            vm.list_append(list.as_ref().expect("a list is an object"), region)?;
        }
    }
    Ok(list)
}

/// The name of an error code of the ESP-IDF.
const fn name_of(code: i32) -> &'static str {
    match code {
        0x101 => "ESP_ERR_NO_MEM",
        0x102 => "ESP_ERR_INVALID_ARG",
        0x103 => "ESP_ERR_INVALID_STATE",
        0x104 => "ESP_ERR_INVALID_SIZE",
        0x105 => "ESP_ERR_NOT_FOUND",
        0x106 => "ESP_ERR_NOT_SUPPORTED",
        0x107 => "ESP_ERR_TIMEOUT",
        0x3065 => "ESP_ERR_ESPNOW_NOT_INIT",
        0x3066 => "ESP_ERR_ESPNOW_ARG",
        0x3067 => "ESP_ERR_ESPNOW_NO_MEM",
        0x3068 => "ESP_ERR_ESPNOW_FULL",
        0x3069 => "ESP_ERR_ESPNOW_NOT_FOUND",
        0x306b => "ESP_ERR_ESPNOW_EXIST",
        0x306c => "ESP_ERR_ESPNOW_IF",
        0x306d => "ESP_ERR_ESPNOW_CHAN",
        0x1102 => "ESP_ERR_NVS_NOT_FOUND",
        0x1105 => "ESP_ERR_NVS_NOT_ENOUGH_SPACE",
        0x1106 => "ESP_ERR_NVS_INVALID_NAME",
        0x1109 => "ESP_ERR_NVS_KEY_TOO_LONG",
        0x110c => "ESP_ERR_NVS_INVALID_LENGTH",
        0x110d => "ESP_ERR_NVS_NO_FREE_PAGES",
        0x110e => "ESP_ERR_NVS_VALUE_TOO_LONG",
        0x110f => "ESP_ERR_NVS_PART_NOT_FOUND",
        0x1503 => "ESP_ERR_OTA_VALIDATE_FAILED",
        -1 => "ESP_FAIL",
        _ => "UNKNOWN ERROR",
    }
}

/// Raises OSError for an error of the ESP-IDF: its code, negative, and its name.
pub(crate) fn esp_error(vm: &mut Vm, code: i32) -> Raised {
    let number = match code {
        0x101 => 12,
        0x106 => 95,
        0x107 => 116,
        _ => -i64::from(code),
    };
    let made = vm.new_str(name_of(code).as_bytes());
    let Ok(name) = made else { return vm.os_error(number) };
    match vm.new_exception(types::OS_ERROR, &[Value::int(number), name]) {
        Ok(e) => vm.raise(e),
        Err(raised) => raised,
    }
}

fn check<T>(vm: &mut Vm, done: Result<T, i32>) -> Result<T, Raised> {
    done.map_err(|code| esp_error(vm, code))
}

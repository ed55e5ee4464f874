//! `_espnow`: the part of ESP-NOW below the Python module, and what the driver answers to it.

mod peers;

use super::{radio, wait_for};
use crate::chip::Chip;
use crate::chip::esp_now::{self, EspNow, Message, Peer, Singleton};
use crate::modules::esp32::esp_error;
use crate::modules::machine::params::{any, int, parse};
use crate::modules::timed_out;
use crate::outside::Mac;
use alloc::vec::Vec;
use coil_modules::stream;
use coil_vm::rom::{Access, Args, Item, ModuleDef, TypeDef, def, def_raw};
use coil_vm::{Qstr, Raised, Res, Value, Vm, types};

/// `_espnow`
pub(crate) static MODULE: ModuleDef = ModuleDef {
    name: "_espnow",
    items: &[
        Item::Type("ESPNowBase", &BASE),
        Item::Int("MAX_DATA_LEN", esp_now::DATA_MAX as i64),
        Item::Int("ADDR_LEN", 6),
        Item::Int("KEY_LEN", esp_now::KEY as i64),
        Item::Int("MAX_TOTAL_PEER_NUM", esp_now::PEERS_MAX as i64),
        Item::Int("MAX_ENCRYPT_PEER_NUM", esp_now::ENCRYPTED_MAX as i64),
        Item::Int("RATE_LORA_250K", 41),
        Item::Int("RATE_LORA_500K", 42),
        Item::Int("RATE_1M", 0),
        Item::Int("RATE_2M", 1),
        Item::Int("RATE_5M", 2),
        Item::Int("RATE_6M", 11),
        Item::Int("RATE_11M", 3),
        Item::Int("RATE_12M", 10),
        Item::Int("RATE_24M", 9),
        Item::Int("RATE_54M", 12),
    ],
    attr: None,
};

/// `ESPNowBase`: field 0 is the table of peers that were heard, field 1 what is called when a message comes, field 2 with what,
/// field 3 how many milliseconds a message is waited for.
pub(crate) static BASE: TypeDef = TypeDef {
    name: "ESPNowBase",
    items: &[
        def("active(self, flag=)", active),
        def_raw("config(self, *args, **kw)", config),
        def("irq(self, handler, arg=)", irq),
        def("stats(self)", |vm, _| {
            let stats = Chip::of(vm).esp_now.stats.map(|n| Value::int(n as i64));
            vm.new_tuple(&stats)
        }),
        def("recvinto(self, data, timeout_ms=)", recvinto),
        def("send(self, peer_or_msg, msg=, sync=)", send),
        def("any(self)", |vm, _| Ok(Value::bool(driver(vm)?.has_message()))),
        def("set_pmk(self, pmk)", |vm, a| {
            let pmk = key(vm, vm.arg(a, 1))?;
            driver(vm)?.pmk = pmk;
            Ok(Value::NONE)
        }),
        def_raw("add_peer(self, *args, **kw)", peers::add),
        def("del_peer(self, mac)", peers::remove),
        def("get_peers(self)", peers::all),
        def_raw("mod_peer(self, *args, **kw)", peers::change),
        def("get_peer(self, mac)", peers::one),
        def("peer_count(self)", peers::count),
        def("ioctl(self, request, arg)", ioctl),
    ],
    new: Some(new),
    attr: Some(attr),
    ..TypeDef::EMPTY
};

const TABLE: usize = 0;
const HANDLER: usize = 1;
const ARGUMENT: usize = 2;
const TIMEOUT_MS: usize = 3;

/// How long a message is waited for if nothing is said: five minutes.
const TIMEOUT: i64 = 300_000;
/// How long answers to messages are waited for, at most.
const ANSWERS_US: u64 = 100_000;

/// Errors of the driver.
const NOT_INIT: i32 = 0x3065;
const ARG: i32 = 0x3066;
const NOT_FOUND: i32 = 0x3069;
const IF: i32 = 0x306c;
const CHAN: i32 = 0x306d;

const EINVAL: i64 = 22;
const ENOENT: i64 = 2;

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    // One for all, whoever asks; the reference looks at no argument.
    let _ = args;
    if let Some(place) = vm.state::<Singleton>().0 {
        return Ok(vm.pinned(place));
    }
    let mark = vm.mark();
    let table = vm.new_dict(0)?;
    vm.fix_dict(table);
    let object = vm.new_native(&BASE, &[table, Value::NONE, Value::NONE, Value::int(TIMEOUT)])?;
    let place = vm.pin(object);
    vm.state::<Singleton>().0 = Some(place);
    vm.release_but(mark, object);
    Ok(object)
}

/// The object behind `self`, of which there is one.
fn object(vm: &mut Vm) -> Value {
    match vm.state::<Singleton>().0 {
        Some(place) => vm.pinned(place),
        None => Value::NULL,
    }
}

/// The driver, if it is on.
fn driver(vm: &mut Vm) -> Result<&mut EspNow, Raised> {
    if !Chip::of(vm).esp_now.on {
        return Err(esp_error(vm, NOT_INIT));
    }
    esp_now::advance(vm);
    Ok(&mut Chip::of(vm).esp_now)
}

fn active(vm: &mut Vm, args: Args) -> Res {
    if args.n > 1 {
        let on = vm.truth(vm.arg(args, 1))?;
        if on != Chip::of(vm).esp_now.on {
            radio(vm).listen_now(on);
            if on {
                Chip::of(vm).esp_now.start();
            } else {
                Chip::of(vm).esp_now.stop();
                let object = object(vm);
                vm.set_native_field(object, HANDLER, Value::NONE);
                vm.set_native_field(object, ARGUMENT, Value::NONE);
            }
        }
    }
    Ok(Value::bool(Chip::of(vm).esp_now.on))
}

fn config(vm: &mut Vm, args: Args) -> Res {
    let params = [
        any(""),
        int("rxbuf", -1).by_name(),
        any("timeout_ms").by_name(),
        int("rate", -1).by_name(),
    ];
    let given = parse(vm, args, 1, &params)?;
    let object = object(vm);
    if let Ok(size) = usize::try_from(given.int(1)) {
        Chip::of(vm).esp_now.buffer_size = size;
    }
    if !given.any(2).is_null() {
        let timeout_ms = vm.expect_int(given.any(2))?;
        vm.set_native_field(object, TIMEOUT_MS, Value::int(timeout_ms));
    }
    if given.int(3) >= 0 {
        set_rate(vm, given.int(3))?;
    }
    let name = given.any(0);
    if name.is_null() {
        return Ok(Value::NONE);
    }
    match if vm.is_str(name) { vm.str_bytes(name) } else { b"" } {
        b"rxbuf" => Ok(Value::int(Chip::of(vm).esp_now.buffer_size as i64)),
        b"timeout_ms" => Ok(vm.native_field(object, TIMEOUT_MS)),
        _ => Err(vm.value_error("unknown config param")),
    }
}

/// The numbers of rates and what they are, in kilobits a second.
const RATES: [(i64, u32); 18] = [
    (0, 1000),
    (1, 2000),
    (2, 5500),
    (3, 11_000),
    (5, 2000),
    (6, 5500),
    (7, 11_000),
    (8, 48_000),
    (9, 24_000),
    (10, 12_000),
    (11, 6000),
    (12, 54_000),
    (13, 36_000),
    (14, 18_000),
    (15, 9000),
    (16, 6500),
    (41, 250),
    (42, 500),
];

fn set_rate(vm: &mut Vm, number: i64) -> Result<(), Raised> {
    if !Chip::of(vm).wifi.is_started() {
        return Err(vm.os_error(ENOENT));
    }
    let Some((_, kbits)) = RATES.into_iter().find(|rate| rate.0 == number) else {
        return Err(esp_error(vm, 0x102));
    };
    Chip::of(vm).esp_now.kbits = kbits;
    Ok(())
}

fn irq(vm: &mut Vm, args: Args) -> Res {
    let handler = vm.arg(args, 1);
    if handler != Value::NONE && !vm.is_callable(handler) {
        return Err(vm.value_error("invalid handler"));
    }
    let argument = if args.n > 2 { vm.arg(args, 2) } else { Value::NONE };
    let object = object(vm);
    vm.set_native_field(object, HANDLER, handler);
    vm.set_native_field(object, ARGUMENT, argument);
    Ok(Value::NONE)
}

// ---- receiving ----

fn recvinto(vm: &mut Vm, args: Args) -> Res {
    driver(vm)?;
    let timeout = vm.arg(args, 2);
    let timeout_ms = if timeout.is_null() || timeout == Value::NONE {
        let object = object(vm);
        vm.native_int(object, TIMEOUT_MS)
    } else {
        vm.expect_int(timeout)?
    };
    let Some(list) = vm.as_list(vm.arg(args, 1)) else {
        return Err(vm.type_error("object with buffer protocol required"));
    };
    if vm.list_len(list) < 2 {
        return Err(vm.raise_args(types::INDEX_ERROR, "list index out of range"));
    }
    let buffer = vm.list_item(list, 1);
    let room = match vm.bytearray_room(buffer) {
        Some(room) => {
            vm.set_bytearray_len(buffer, room);
            room
        }
        None => vm.buffer_len(buffer)?,
    };
    let Some(message) = next_message(vm, timeout_ms)? else { return Ok(Value::int(0)) };
    let n = message.data.len();
    if n > room {
        Chip::of(vm).esp_now.clear();
        return Err(vm.value_error("ESPNow.recv(): buffer error"));
    }
    vm.buffer_write(buffer, 0, &message.data)?;
    vm.set_bytearray_len(buffer, n);
    let mark = vm.mark();
    let (key, heard) = entry(vm, message.from)?;
    let (rssi, time) = (Value::int(i64::from(message.rssi)), Value::int(message.time_ms as i64));
    if let Some(heard) = vm.as_list(heard) {
        vm.list_set(heard, 0, rssi);
        vm.list_set(heard, 1, time);
    }
    vm.list_set(list, 0, key);
    if vm.list_len(list) >= 4 {
        vm.list_set(list, 2, rssi);
        vm.list_set(list, 3, time);
    }
    vm.release(mark);
    Ok(Value::int(n as i64))
}

fn next_message(vm: &mut Vm, timeout_ms: i64) -> Result<Option<Message>, Raised> {
    let now = vm.port.now_us();
    let until =
        u64::try_from(timeout_ms).ok().map(|ms| now.saturating_add(ms.saturating_mul(1000)));
    wait_for(vm, until, |vm| Ok(driver(vm)?.take()))
}

/// The table's key of a sender, and what is kept of it: signal and time.
fn entry(vm: &mut Vm, mac: Mac) -> Result<(Value, Value), Raised> {
    let object = object(vm);
    let table = vm.native_field(object, TABLE);
    let key = vm.new_bytes(&mac)?;
    vm.root(key);
    let Some(map) = vm.as_dict(table) else { return Ok((key, Value::NONE)) };
    if let Some(slot) = map.find(vm, key)? {
        return Ok((map.key(vm, slot), map.value(vm, slot)));
    }
    let heard = vm.new_list(&[Value::NONE, Value::NONE])?;
    vm.root(heard);
    map.put(vm, key, heard)?;
    Ok((key, heard))
}

// ---- sending ----

fn send(vm: &mut Vm, args: Args) -> Res {
    driver(vm)?;
    let first = vm.arg(args, 1);
    let to = if args.n > 2 && first != Value::NONE { Some(mac(vm, first)?) } else { None };
    let message = if args.n > 2 { vm.arg(args, 2) } else { first };
    let sync = vm.arg(args, 3);
    let waits = args.n <= 3 || sync == Value::NONE || vm.truth(sync)?;
    let data = vm.expect_bytes_like(message)?;
    if waits {
        await_answers(vm)?;
    }
    let failures = driver(vm)?.failures();
    for peer in receivers(vm, to, data.len())? {
        let wifi = &Chip::of(vm).wifi;
        let from = if peer.interface == 0 { wifi.mac } else { wifi.ap.bssid };
        let (keys, kbits) = (Chip::of(vm).esp_now.keys_of(&peer), Chip::of(vm).esp_now.kbits);
        let sent = radio(vm).send_now((from, peer.mac), &data, keys, kbits);
        Chip::of(vm).esp_now.sent(sent);
    }
    if waits {
        await_answers(vm)?;
    }
    Ok(Value::bool(!(waits && driver(vm)?.failures() != failures)))
}

/// Whom a message goes to, if it can go.
fn receivers(vm: &mut Vm, to: Option<Mac>, length: usize) -> Result<Vec<Peer>, Raised> {
    if length == 0 || length > esp_now::DATA_MAX {
        return Err(esp_error(vm, ARG));
    }
    let driver = driver(vm)?;
    let is_meant = |peer: &&Peer| to.map_or_else(|| peer.is_single(), |to| peer.mac == to);
    let receivers: Vec<Peer> = driver.peers.iter().filter(is_meant).copied().collect();
    if receivers.is_empty() {
        return Err(esp_error(vm, NOT_FOUND));
    }
    let channel = radio(vm).channel();
    for peer in &receivers {
        let wifi = &Chip::of(vm).wifi;
        let is_on = if peer.interface == 0 { wifi.active } else { wifi.ap_active };
        if !is_on {
            return Err(esp_error(vm, IF));
        }
        if peer.channel != 0 && peer.channel != channel {
            return Err(esp_error(vm, CHAN));
        }
    }
    Ok(receivers)
}

/// Waits until something is known of all that was sent.
fn await_answers(vm: &mut Vm) -> Result<(), Raised> {
    let late = vm.port.now_us() + ANSWERS_US;
    while let Some(at) = driver(vm)?.settled_us() {
        if at > late {
            let late_us = Some(late);
            vm.wait_until(late_us, |_| Ok(false))?;
            return Err(timed_out(vm));
        }
        vm.wait_until(Some(at), |_| Ok(false))?;
    }
    Ok(())
}

// ---- what others need ----

fn mac(vm: &mut Vm, v: Value) -> Result<Mac, Raised> {
    fixed(vm, v)
}

fn key(vm: &mut Vm, v: Value) -> Result<[u8; esp_now::KEY], Raised> {
    fixed(vm, v)
}

/// So many bytes, no more and no less.
fn fixed<const N: usize>(vm: &mut Vm, v: Value) -> Result<[u8; N], Raised> {
    let bytes = vm.expect_bytes_like(v)?;
    bytes.try_into().map_err(|_| vm.value_error("invalid buffer length"))
}

fn ioctl(vm: &mut Vm, args: Args) -> Res {
    if vm.expect_int(vm.arg(args, 1))? != stream::POLL {
        return Err(vm.os_error(EINVAL));
    }
    let wanted = vm.expect_int(vm.arg(args, 2))?;
    if !Chip::of(vm).esp_now.on {
        return Ok(Value::int(0));
    }
    let driver = driver(vm)?;
    // What is asked beside these is as it was asked.
    let unready = if driver.has_message() { 0 } else { stream::POLL_RD }
        | if driver.settled_us().is_none() { 0 } else { stream::POLL_WR };
    Ok(Value::int(wanted & !unready))
}

fn attr(vm: &mut Vm, _: Value, name: Qstr, access: Access) -> Res {
    if vm.names.text(name) != "peers_table" || !matches!(access, Access::Load) {
        return Ok(Value::NULL);
    }
    let object = object(vm);
    Ok(vm.native_field(object, TABLE))
}

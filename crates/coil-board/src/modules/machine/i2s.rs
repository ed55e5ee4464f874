//! `machine.I2S`: samples at the rate they are asked for. Nobody listens to what is sent, and what is
//! heard is silence.

use super::busy;
use super::params::{Param, any, gpio, int, parse, word};
use crate::chip::i2s::{I2SS, I2s, Io};
use crate::chip::{Chip, wiring};
use crate::modules::esp32::esp_error;
use alloc::format;
use alloc::vec::Vec;
use coil_modules::stream;
use coil_vm::rom::{Args, Convention, Def, Item, TypeDef, def, def_raw};
use coil_vm::{Raised, Res, Value, Vm};

/// `I2S`: field 0 is its number.
pub(crate) static I2S: TypeDef = TypeDef {
    name: "I2S",
    items: &[
        def_raw("init(self, *settings)", |vm, a| {
            let id = number(vm, vm.arg(a, 0));
            stop(vm, id);
            init(vm, id, a)?;
            Ok(Value::NONE)
        }),
        def("readinto(self, buffer, n=)", readinto),
        def("write(self, data, off=, n=)", write),
        def("deinit(self)", deinit),
        def("__del__(self)", deinit),
        def("irq(self, handler)", irq),
        def("ioctl(self, request, arg)", ioctl),
        Item::Static(Def { signature: "shift(*settings)", f: shift, convention: Convention::Raw }),
        Item::Int("RX", RX),
        Item::Int("TX", TX),
        Item::Int("STEREO", STEREO),
        Item::Int("MONO", MONO),
    ],
    new: Some(new),
    print: Some(|vm, v, out, _| {
        let id = number(vm, v);
        let i2s = &Chip::of(vm).i2ss[id];
        let [sck, ws, sd] = i2s.pins;
        let mode = if i2s.sends { TX } else { RX };
        let format = if i2s.stereo { STEREO } else { MONO };
        let I2s { bits, rate, ibuf, .. } = i2s;
        let text = format!(
            "I2S(id={id},\nsck={sck},\nws={ws},\nsd={sd},\nmode={mode},\nbits={bits}, \
             format={format},\nrate={rate}, ibuf={ibuf})"
        );
        out.extend_from_slice(text.as_bytes());
        Ok(())
    }),
    ..TypeDef::EMPTY
};

const PARAMS: [Param; 8] = [
    any("sck").required().by_name(),
    any("ws").required().by_name(),
    any("sd").required().by_name(),
    int("mode", -1).required().by_name(),
    int("bits", -1).required().by_name(),
    int("format", -1).required().by_name(),
    int("rate", -1).required().by_name(),
    int("ibuf", -1).required().by_name(),
];

const RX: i64 = 1;
const TX: i64 = 2;
const MONO: i64 = 0;
const STEREO: i64 = 1;

const ESP_ERR_INVALID_ARG: i32 = 0x102;
const EPERM: i64 = 1;
const EINVAL: i64 = 22;

fn number(vm: &Vm, object: Value) -> usize {
    let native = vm.as_native(object, &I2S).unwrap_or(object);
    (vm.native_int(native, 0) as usize).min(I2SS - 1)
}

fn new(vm: &mut Vm, _: Value, args: Args) -> Res {
    if args.n == 0 {
        return Err(vm.arg_count_error(0, 1, usize::MAX));
    }
    let n = vm.expect_int(vm.arg(args, 0))?;
    let Some(id) = usize::try_from(n).ok().filter(|id| *id < I2SS) else {
        return Err(vm.value_error("invalid id"));
    };
    let mut slot = Chip::of(vm).i2ss[id].slot;
    if slot == 0 {
        let object = vm.new_native(&I2S, &[Value::int(n)])?;
        slot = vm.pin(object) + 1;
        vm.pin(Value::NONE);
        Chip::of(vm).i2ss[id].slot = slot;
    } else {
        stop(vm, id);
    }
    init(vm, id, args)?;
    Ok(vm.pinned(slot - 1))
}

/// Sets a controller up and starts it.
fn init(vm: &mut Vm, id: usize, args: Args) -> Result<(), Raised> {
    let given = parse(vm, args, 1, &PARAMS)?;
    let mut pins = [0; 3];
    for (i, pin) in pins.iter_mut().enumerate() {
        *pin = gpio(vm, given.any(i))? as i8;
    }
    let [mode, bits, format] = [3, 4, 5].map(|i| given.int(i));
    for (value, known, what) in
        [(mode, [RX, TX], "mode"), (bits, [16, 32], "bits"), (format, [MONO, STEREO], "format")]
    {
        if !known.contains(&value) {
            let text = format!("invalid {what}");
            return Err(vm.value_error(&text));
        }
    }
    let i2s = &mut Chip::of(vm).i2ss[id];
    i2s.pins = pins;
    i2s.sends = mode == TX;
    i2s.bits = bits as u8;
    i2s.stereo = format == STEREO;
    i2s.rate = given.int(6) as u32;
    i2s.ibuf = given.int(7) as i32;
    let driven = if mode == TX { &pins[..] } else { &pins[..2] };
    if i2s.rate == 0 || driven.iter().any(|p| *p >= wiring::FIRST_INPUT_ONLY as i8) {
        return Err(esp_error(vm, ESP_ERR_INVALID_ARG));
    }
    for &pin in driven {
        wiring::set_up(vm, pin as usize, |p| {
            p.output = true;
            p.open_drain = false;
            p.uart_drives = false;
        });
    }
    let now = vm.port.now_us() * 1000;
    let slot = Chip::of(vm).i2ss[id].slot;
    vm.set_pinned(slot, Value::NONE);
    Chip::of(vm).i2ss[id].start(now);
    Ok(())
}

fn stop(vm: &mut Vm, id: usize) {
    Chip::of(vm).i2ss[id].stop();
}

fn deinit(vm: &mut Vm, a: Args) -> Res {
    let id = number(vm, vm.arg(a, 0));
    stop(vm, id);
    Ok(Value::NONE)
}

fn irq(vm: &mut Vm, a: Args) -> Res {
    let id = number(vm, vm.arg(a, 0));
    let handler = vm.arg(a, 1);
    if handler != Value::NONE && !vm.is_callable(handler) {
        return Err(vm.value_error("invalid callback"));
    }
    let i2s = &mut Chip::of(vm).i2ss[id];
    i2s.io = if handler == Value::NONE { Io::Blocking } else { Io::Background };
    i2s.forget_jobs();
    let slot = i2s.slot;
    vm.set_pinned(slot, handler);
    Ok(Value::NONE)
}

/// Transfers so many bytes, in the way that the program has chosen: how many were.
fn transfer(vm: &mut Vm, id: usize, n: usize) -> Result<usize, Raised> {
    crate::chip::poll(vm)?;
    let now = vm.port.now_us() * 1000;
    let i2s = &mut Chip::of(vm).i2ss[id];
    if !i2s.live {
        return Err(esp_error(vm, ESP_ERR_INVALID_ARG));
    }
    match i2s.io {
        Io::Blocking => {
            let end = i2s.transfer(now, n);
            busy::hold(vm, end.div_ceil(1000), |_| Ok(false))?;
            Ok(n)
        }
        Io::Background => {
            i2s.transfer_later(now, n);
            Ok(n)
        }
        Io::Polled => Ok(i2s.transfer_some(now, n)),
    }
}

fn write(vm: &mut Vm, a: Args) -> Res {
    let id = number(vm, vm.arg(a, 0));
    let n = super::stream_part(vm, a)?.len();
    if n == 0 {
        return Ok(Value::int(0));
    }
    if !Chip::of(vm).i2ss[id].sends {
        return Err(vm.os_error(EPERM));
    }
    let n = transfer(vm, id, n)?;
    Ok(Value::int(n as i64))
}

fn readinto(vm: &mut Vm, a: Args) -> Res {
    let id = number(vm, vm.arg(a, 0));
    let buffer = vm.arg(a, 1);
    let mut n = vm.buffer_len(buffer)?;
    if a.n > 2 {
        n = n.min(word(vm, vm.arg(a, 2))? as u32 as usize);
    }
    if n == 0 {
        return Ok(Value::int(0));
    }
    let i2s = &Chip::of(vm).i2ss[id];
    if i2s.sends {
        return Err(vm.os_error(EPERM));
    }
    if n % i2s.frame_bytes().max(1) != 0 {
        return Err(vm.os_error(EINVAL));
    }
    let n = transfer(vm, id, n)?;
    vm.buffer_write(buffer, 0, &alloc::vec![0; n])?;
    Ok(Value::int(n as i64))
}

fn ioctl(vm: &mut Vm, a: Args) -> Res {
    let id = number(vm, vm.arg(a, 0));
    if vm.expect_int(vm.arg(a, 1))? != stream::POLL {
        return Err(vm.os_error(EINVAL));
    }
    let wanted = vm.expect_int(vm.arg(a, 2))?;
    crate::chip::poll(vm)?;
    let i2s = &mut Chip::of(vm).i2ss[id];
    // Whoever asks means to take what there is.
    i2s.io = Io::Polled;
    let (may, may_not) = if i2s.sends {
        (stream::POLL_WR, stream::POLL_RD)
    } else {
        (stream::POLL_RD, stream::POLL_WR)
    };
    if wanted & may_not != 0 {
        return Err(vm.os_error(EPERM));
    }
    Ok(Value::int(if i2s.is_ready() { wanted & may } else { 0 }))
}

/// `I2S.shift`: twice as loud for each step up, half for each step down.
fn shift(vm: &mut Vm, a: Args) -> Res {
    let given = parse(
        vm,
        a,
        0,
        &[
            any("buf").required().by_name(),
            int("bits", -1).required().by_name(),
            int("shift", -1).required().by_name(),
        ],
    )?;
    let buffer = given.any(0);
    vm.buffer_len(buffer)?;
    let bytes = vm.expect_bytes_like(buffer)?;
    let (bits, by) = (given.int(1) as u8, given.int(2) as i8);
    let size = match bits {
        16 | 32 => usize::from(bits / 8),
        _ => return Err(vm.value_error("invalid bits")),
    };
    let shifted: Vec<u8> = bytes
        .chunks_exact(size)
        .flat_map(|sample| {
            let mut word = [if sample[size - 1] & 0x80 == 0 { 0 } else { 0xff }; 4];
            word[..size].copy_from_slice(sample);
            let n = i64::from(i32::from_le_bytes(word));
            let steps = u32::from(by.unsigned_abs()).min(63);
            let n = if by >= 0 { n << steps } else { n >> steps };
            n.to_le_bytes().into_iter().take(size)
        })
        .collect();
    vm.buffer_write(buffer, 0, &shifted)?;
    Ok(Value::NONE)
}

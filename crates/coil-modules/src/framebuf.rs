//! `framebuf`: drawing into a buffer.

mod canvas;
mod font;

use alloc::vec::Vec;
use canvas::{Canvas, FILL, QUADRANTS, Shape};
use coil_vm::rom::{Args, Item, ModuleDef, TypeDef, def};
use coil_vm::{Raised, Res, Value, Vm, types};

/// `framebuf`
pub static MODULE: ModuleDef = ModuleDef {
    name: "framebuf",
    items: &[
        Item::Type("FrameBuffer", &FRAME_BUFFER),
        def("FrameBuffer1(buffer, width, height, stride=)", |vm, a| {
            let mut args = vm.args_vec(a);
            args.insert(3, Value::int(canvas::MVLSB));
            new_frame_buffer(vm, &args)
        }),
        Item::Int("MVLSB", canvas::MVLSB),
        Item::Int("MONO_VLSB", canvas::MVLSB),
        Item::Int("RGB565", canvas::RGB565),
        Item::Int("GS2_HMSB", canvas::GS2_HMSB),
        Item::Int("GS4_HMSB", canvas::GS4_HMSB),
        Item::Int("GS8", canvas::GS8),
        Item::Int("MONO_HLSB", canvas::MHLSB),
        Item::Int("MONO_HMSB", canvas::MHMSB),
    ],
    attr: None,
};

/// Fields: buffer, width, height, format, stride.
static FRAME_BUFFER: TypeDef = TypeDef {
    name: "FrameBuffer",
    items: &[
        def("fill(self, c)", |vm, a| {
            draw(vm, a, |c, n| c.fill_rect(0, 0, c.shape.width, c.shape.height, n[0]))
        }),
        def("fill_rect(self, x, y, w, h, c)", |vm, a| {
            draw(vm, a, |c, n| c.fill_rect(n[0], n[1], n[2], n[3], n[4]))
        }),
        def("pixel(self, x, y, c=)", pixel),
        def("hline(self, x, y, w, c)", |vm, a| {
            draw(vm, a, |c, n| c.fill_rect(n[0], n[1], n[2], 1, n[3]))
        }),
        def("vline(self, x, y, h, c)", |vm, a| {
            draw(vm, a, |c, n| c.fill_rect(n[0], n[1], 1, n[2], n[3]))
        }),
        def("rect(self, x, y, w, h, c, fill=)", |vm, a| {
            let fill = a.n > 6 && vm.truth(vm.arg(a, 6))?;
            draw(vm, Args { n: 6, ..a }, |c, n| {
                if fill {
                    c.fill_rect(n[0], n[1], n[2], n[3], n[4]);
                } else {
                    c.rect(n[0], n[1], n[2], n[3], n[4]);
                }
            })
        }),
        def("line(self, x1, y1, x2, y2, c)", |vm, a| {
            draw(vm, a, |c, n| c.line(n[0], n[1], n[2], n[3], n[4]))
        }),
        def("ellipse(self, x, y, rx, ry, c, fill=, mask=)", |vm, a| {
            let mut mask = if a.n > 6 && vm.truth(vm.arg(a, 6))? { FILL } else { 0 };
            mask |= if a.n > 7 { vm.expect_int(vm.arg(a, 7))? & QUADRANTS } else { QUADRANTS };
            draw(vm, Args { n: 6, ..a }, |c, n| c.ellipse((n[0], n[1]), n[2], n[3], n[4], mask))
        }),
        def("poly(self, x, y, points, c, fill=)", poly),
        def("blit(self, source, x, y, key=, palette=)", blit),
        def("scroll(self, dx, dy)", |vm, a| draw(vm, a, |c, n| c.scroll(n[0], n[1]))),
        def("text(self, text, x, y, c=)", |vm, a| {
            let text = crate::args::expect_text(vm, vm.arg(a, 1))?;
            let text: Vec<u8> = text.into_iter().take_while(|&b| b != 0).collect();
            let (x, y) = (word(vm, a, 2)?, word(vm, a, 3)?);
            let colour = if a.n > 4 { word(vm, a, 4)? } else { 1 };
            draw(vm, Args { n: 1, ..a }, |c, _| c.text(&text, x, y, colour))
        }),
    ],
    new: Some(|vm, _, a| {
        vm.check_args(a, 4, 5)?;
        let args = vm.args_vec(a);
        new_frame_buffer(vm, &args)
    }),
    buffer: Some(|vm, v| vm.native_field(v, 0)),
    ..TypeDef::EMPTY
};

fn word(vm: &mut Vm, args: Args, i: usize) -> Result<i64, Raised> {
    vm.expect_int(vm.arg(args, i))
}

/// The shape that the arguments of a constructor describe; ValueError if the buffer is too small.
fn shape(vm: &mut Vm, args: &[Value], len: usize) -> Result<Shape, Raised> {
    let [width, height, format] = [args[1], args[2], args[3]].map(|v| vm.expect_int(v));
    let (width, height, format) = (width?, height?, format?);
    let stride = if args.len() > 4 { vm.expect_int(args[4])? } else { width };
    let made = Shape::new(width, height, format, stride);
    if made.is_some() && !(canvas::MVLSB..=canvas::GS8).contains(&format) {
        return Err(vm.value_error("invalid format"));
    }
    match made {
        Some((shape, need)) if need <= len => Ok(shape),
        _ => Err(vm.raise_value(types::VALUE_ERROR, Value::NULL)),
    }
}

fn new_frame_buffer(vm: &mut Vm, args: &[Value]) -> Res {
    let len = vm.buffer_len(args[0])?;
    let s = shape(vm, args, len)?;
    let [w, h, format, stride] = [s.width, s.height, s.format, s.stride].map(Value::int);
    vm.new_native(&FRAME_BUFFER, &[args[0], w, h, format, stride])
}

fn shape_of(vm: &Vm, this: Value) -> Shape {
    let [width, height, format, stride] = [1, 2, 3, 4].map(|i| vm.native_int(this, i));
    Shape { width, height, stride, format }
}

/// A copy of the picture in a frame buffer.
fn canvas_of(vm: &mut Vm, this: Value) -> Result<Canvas, Raised> {
    let bytes = vm.expect_bytes_like(vm.native_field(this, 0))?;
    Ok(Canvas { shape: shape_of(vm, this), bytes })
}

/// The picture in an argument: a frame buffer, or a tuple of what makes one.
fn picture(vm: &mut Vm, v: Value) -> Result<Canvas, Raised> {
    if let Some(this) = vm.as_native(v, &FRAME_BUFFER) {
        return canvas_of(vm, this);
    }
    let items = crate::args::expect_items(vm, v)?;
    if !(4..=5).contains(&items.len()) {
        return Err(vm.raise_value(types::VALUE_ERROR, Value::NULL));
    }
    let bytes = vm.expect_bytes_like(items[0])?;
    Ok(Canvas { shape: shape(vm, &items, bytes.len())?, bytes })
}

/// Draws with the arguments behind the first, which must be ints.
fn draw(vm: &mut Vm, args: Args, f: impl FnOnce(&mut Canvas, &[i64])) -> Res {
    let mut numbers = Vec::with_capacity(args.n);
    for i in 1..args.n {
        numbers.push(word(vm, args, i)?);
    }
    let this = vm.arg(args, 0);
    let mut canvas = canvas_of(vm, this)?;
    f(&mut canvas, &numbers);
    vm.buffer_write(vm.native_field(this, 0), 0, &canvas.bytes)?;
    Ok(Value::NONE)
}

/// One pixel, without a copy of all the others.
fn pixel(vm: &mut Vm, args: Args) -> Res {
    let this = vm.arg(args, 0);
    let (x, y) = (word(vm, args, 1)?, word(vm, args, 2)?);
    let shape = shape_of(vm, this);
    if !shape.has(x, y) {
        return Ok(Value::NONE);
    }
    let colour = if args.n > 3 { Some(word(vm, args, 3)?) } else { None };
    let p = shape.place(x, y);
    let buffer = vm.native_field(this, 0);
    let size = if p.mask == 0xffff { 2 } else { 1 };
    let mut bytes = vm.buffer_read(buffer, p.byte, size)?;
    bytes.resize(size, 0);
    let old = u32::from(bytes[0]) | if size == 2 { u32::from(bytes[1]) << 8 } else { 0 };
    let Some(colour) = colour else { return Ok(Value::int(i64::from(old >> p.shift & p.mask))) };
    let new = old & !(p.mask << p.shift) | (shape.bits(colour) & p.mask) << p.shift;
    vm.buffer_write(buffer, p.byte, &new.to_le_bytes()[..size])?;
    Ok(Value::NONE)
}

fn poly(vm: &mut Vm, args: Args) -> Res {
    let (x, y) = (word(vm, args, 1)?, word(vm, args, 2)?);
    let buffer = vm.expect_buffer(vm.arg(args, 3))?;
    let code = if buffer.code == 0 { b'B' } else { buffer.code };
    let bytes = vm.buffer_bytes(buffer).to_vec();
    let Some((size, _)) = crate::structs::layout(b'@', code) else {
        return Err(vm.value_error("bad typecode"));
    };
    let mut numbers = Vec::new();
    let whole = bytes.len() / (2 * size) * 2 * size;
    for item in bytes[..whole].chunks_exact(size) {
        let v = crate::structs::decode(vm, b'<', code, item)?;
        numbers.push(vm.expect_int(v)?);
    }
    let points: Vec<(i64, i64)> = numbers.chunks_exact(2).map(|p| (p[0], p[1])).collect();
    if points.is_empty() {
        return Ok(Value::NONE);
    }
    let colour = word(vm, args, 4)?;
    let fill = args.n > 5 && vm.truth(vm.arg(args, 5))?;
    draw(vm, Args { n: 1, ..args }, |c, _| {
        if fill { c.polygon(x, y, &points, colour) } else { c.outline(x, y, &points, colour) }
    })
}

fn blit(vm: &mut Vm, args: Args) -> Res {
    let source = picture(vm, vm.arg(args, 1))?;
    let (x, y) = (word(vm, args, 2)?, word(vm, args, 3)?);
    let key = if args.n > 4 { word(vm, args, 4)? } else { -1 };
    let palette = match vm.arg(args, 5) {
        v if v.is_null() || v == Value::NONE => None,
        v => Some(picture(vm, v)?),
    };
    draw(vm, Args { n: 1, ..args }, |c, _| {
        // A picture that is blitted onto itself is read while it is written.
        c.blit(&source, x, y, key, palette.as_ref());
    })
}

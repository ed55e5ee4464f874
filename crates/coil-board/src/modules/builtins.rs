//! Built-in names that need the board: files, the prompt, help.

use crate::chip::Chip;
use crate::profile::Era;
use crate::readline::{self, Line};
use crate::vfs;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use coil_vm::compiler::Mode;
use coil_vm::rom::{Args, Binding, ModuleDef, PrintKind, def, def_kw, def_raw};
use coil_vm::{Res, Value, Vm, types};

/// What the board adds to `builtins`.
pub(crate) static MODULE: ModuleDef = ModuleDef {
    name: "builtins",
    items: &[
        def_kw("open(file, mode=, buffering=, encoding=)", |vm, a| {
            vfs::open(vm, vm.arg(a, 0), vm.arg(a, 1))
        }),
        def("execfile(file, globals=, locals=)", execfile),
        def("input(prompt=)", input),
        def("help(x=)", help),
        def_raw("exit(*args)", |vm, _| Err(vm.raise_value(types::SYSTEM_EXIT, Value::NULL))),
        def_raw("quit(*args)", |vm, _| Err(vm.raise_value(types::SYSTEM_EXIT, Value::NULL))),
    ],
    attr: Some(|vm, name, access| {
        use coil_vm::rom::Access;
        match access {
            // What was overridden is found as a name, not here.
            Access::Load => Ok(vm.rom.builtins.get(name).unwrap_or(Value::NULL)),
            Access::Store(v) => {
                vm.override_builtin(name, v)?;
                Ok(Value::NONE)
            }
            Access::Delete => Ok(Value::NULL),
        }
    }),
};

fn execfile(vm: &mut Vm, args: Args) -> Res {
    let path = vm.expect_string(vm.arg(args, 0))?;
    let source = vfs::read_whole(vm, &path)?;
    let (globals, locals) = vm.given_names(args)?;
    let code = vm.compile(&source, &path, Mode::Module)?;
    vm.root(code);
    vm.run_module_code(code, globals, locals)
}

fn input(vm: &mut Vm, args: Args) -> Res {
    if args.n > 0 {
        let mut prompt = Vec::new();
        vm.print(vm.arg(args, 0), &mut prompt, PrintKind::Str)?;
        vm.write_stdout(&prompt)?;
    }
    let mut text = String::new();
    let line = readline::read(vm, &mut text, "");
    vm.set_interrupt_char(3);
    match line {
        Line::Control(3) => Err(vm.raise_value(types::KEYBOARD_INTERRUPT, Value::NULL)),
        Line::Control(4) => Err(vm.raise_value(types::EOF_ERROR, Value::NULL)),
        // The other control keys end an empty line as Enter does.
        Line::Entered | Line::Control(_) => vm.new_str(text.as_bytes()),
        Line::Gone => {
            vm.check_abort()?;
            Err(vm.raise_value(types::EOF_ERROR, Value::NULL))
        }
    }
}

const HELP: &str = "Welcome to MicroPython on the ESP32!

For online docs please visit http://docs.micropython.org/

Useful control commands:
  CTRL-A        -- on a blank line, enter raw REPL mode
  CTRL-B        -- on a blank line, enter normal REPL mode
  CTRL-C        -- interrupt a running program
  CTRL-D        -- on a blank line, do a soft reset of the board
  CTRL-E        -- on a blank line, enter paste mode

For further help on a specific object, type help(obj)
For a list of available modules, type help('modules')
";

/// Older firmware's help was longer.
fn older_help() -> String {
    let (_, keys) = HELP.split_once("Useful control commands:\n").unwrap_or_default();
    format!("{HELP_2019}Control commands:\n{keys}")
}

const HELP_2019: &str = "Welcome to MicroPython on the ESP32!

For generic online docs please visit http://docs.micropython.org/

For access to the hardware use the 'machine' module:

import machine
pin12 = machine.Pin(12, machine.Pin.OUT)
pin12.value(1)
pin13 = machine.Pin(13, machine.Pin.IN, machine.Pin.PULL_UP)
print(pin13.value())
i2c = machine.I2C(scl=machine.Pin(21), sda=machine.Pin(22))
i2c.scan()
i2c.writeto(addr, b'1234')
i2c.readfrom(addr, 4)

Basic WiFi configuration:

import network
sta_if = network.WLAN(network.STA_IF); sta_if.active(True)
sta_if.scan()                             # Scan for available access points
sta_if.connect(\"<AP_name>\", \"<password>\") # Connect to an AP
sta_if.isconnected()                      # Check for successful connection

";

fn help(vm: &mut Vm, args: Args) -> Res {
    if args.n == 0 {
        let is_now = Chip::of(vm).profile.switches.help == Era::Now;
        let text = if is_now { HELP.into() } else { older_help() };
        vm.write_stdout(text.as_bytes())?;
        return Ok(Value::NONE);
    }
    let v = vm.arg(args, 0);
    if vm.is_str(v) && vm.str_bytes(v) == b"modules" {
        return help_modules(vm);
    }
    let mut text = b"object ".to_vec();
    vm.print(v, &mut text, PrintKind::Str)?;
    text.extend_from_slice(format!(" is of type {}\n", vm.type_name(v)).as_bytes());
    for (name, x) in vm.own_attributes(v) {
        text.extend_from_slice(b"  ");
        vm.print(name, &mut text, PrintKind::Str)?;
        text.extend_from_slice(b" -- ");
        match vm.native_binding(x) {
            Some(Binding::Class) => text.extend_from_slice(b"<classmethod>"),
            Some(Binding::Static) => text.extend_from_slice(b"<staticmethod>"),
            _ => vm.print(x, &mut text, PrintKind::Str)?,
        }
        text.push(b'\n');
    }
    vm.write_stdout(&text)?;
    Ok(Value::NONE)
}

fn help_modules(vm: &mut Vm) -> Res {
    let profile = Chip::of(vm).profile.clone();
    let u_names = profile.modules.u_names.as_deref().unwrap_or_default();
    let there = vm.rom.modules.iter().filter(|m| !m.absent).map(|m| m.def.name);
    let modules = there.map(|name| match u_names.iter().any(|n| n == name) {
        true => format!("u{name}"),
        false => String::from(name),
    });
    // Submodules of the firmware are found inside their package.
    let mut names: Vec<String> = modules.filter(|name| !name.contains('.')).collect();
    names.extend(crate::frozen::names(&profile.modules));
    names.push("__main__".into());
    names.sort();
    names.dedup();
    let rows = names.len().div_ceil(4);
    let mut text = String::new();
    for row in 0..rows {
        let mut line = String::new();
        for name in names.iter().skip(row).step_by(rows) {
            line += &format!("{name:<18}");
        }
        text += line.trim_end();
        text.push('\n');
    }
    text += "Plus any modules on the filesystem\n";
    vm.write_stdout(text.as_bytes())?;
    Ok(Value::NONE)
}

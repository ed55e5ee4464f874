//! The life of a board: reset, boot, prompt, and round again.

use crate::chip::{self, Chip, Leave, PinState, ResetCause, TimerState};
use crate::dupterm;
use crate::flash;
use crate::idf_heap::IdfHeap;
use crate::loader;
use crate::outside::{Event, Flash, Kinds, Listener, Radio, Tls, Wires};
use crate::profile::{Device, Profile};
use crate::repl::{self, Ended, Exit, Prompt};
use crate::rom;
use crate::vfs::{self, Mounted};
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use coil_modules::sys::Identity;
use coil_modules::time::{WallClock, wall_us};
use coil_vm::compiler::Mode;
use coil_vm::port::NullPort;
use coil_vm::rom::{PrintKind, Rom};
use coil_vm::shared::Shared;
use coil_vm::{Config, Port, Told, Value, Vm, names, types};
use core::cell::RefCell;

/// The pinned place of the main module's dict.
pub const MAIN_DICT: usize = 0;
/// The pinned place of the main module.
pub(crate) const MAIN_MODULE: usize = 1;

/// How a program that ran without a prompt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// By itself, or by a reset of the chip.
    Done,
    /// With SystemExit and this code; with 1 if it crashed.
    Exit(i32),
    /// With an exception, whose traceback this is.
    Raised(Vec<u8>),
}

/// What a board is made of.
pub struct Setup {
    /// Firmware generation.
    pub profile: Rc<Profile>,
    /// Board type.
    pub device: Rc<Device>,
    /// The firmware's fixed part, shared by boards.
    pub rom: Shared<Rom>,
    /// Console and clock.
    pub port: Box<dyn Port>,
    /// Pins and observers.
    pub wires: Box<dyn Wires>,
    /// WiFi.
    pub radio: Box<dyn Radio>,
    /// TLS.
    pub tls: Box<dyn Tls>,
    /// Flash chip.
    pub flash: Box<dyn Flash>,
    /// Factory address.
    pub mac: [u8; 6],
    /// Microseconds from 2000-01-01 to power on.
    pub rtc_offset_us: i64,
    /// Print what the ROM and the bootloader print.
    pub boot_text: bool,
    /// Compute in single precision, as the chip.
    pub single_precision: bool,
    /// Other heap sizes than the firmware's.
    pub heap: Option<u32>,
    /// Files to put on a flash that is new: path and content.
    pub files: Vec<(String, Vec<u8>)>,
}

impl core::fmt::Debug for Setup {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Setup").field("device", &self.device.name).finish_non_exhaustive()
    }
}

/// A board with power.
pub struct Board {
    vm: Vm,
    config: Config,
    banner: String,
    soft_reboot: String,
    prompt: Prompt,
    boot_text: bool,
}

impl core::fmt::Debug for Board {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Board")
            .field("vm", &self.vm)
            .field("prompt", &self.prompt)
            .finish_non_exhaustive()
    }
}

impl Board {
    /// Connects the power. Nothing runs yet.
    pub fn new(setup: Setup) -> Self {
        let sizes = setup.profile.heap;
        let config = Config {
            heap_initial: setup.heap.unwrap_or(sizes.initial),
            heap_max: setup.heap.unwrap_or(sizes.max),
            stack_bytes: sizes.stack,
            single_precision: setup.single_precision,
        };
        let banner = setup.profile.banner();
        let era = setup.profile.switches.wlan;
        let soft_reboot = setup.profile.switches.soft_reboot.clone();
        let idf_heap = IdfHeap::new(setup.profile.net.idf_heap);
        let mut vm = Vm::new(setup.rom, setup.port, config);
        vm.set_state(Chip {
            profile: setup.profile,
            device: setup.device,
            pins: [PinState::default(); chip::GPIO_COUNT],
            level_irqs: 0,
            timers: alloc::vec![TimerState::default(); chip::HARDWARE_TIMERS],
            uarts: Default::default(),
            i2cs: Default::default(),
            spis: Default::default(),
            i2ss: Default::default(),
            jumpers: Vec::new(),
            power: chip::power::Power::default(),
            ledc: chip::ledc::Ledc::default(),
            analog: chip::analog::Analog::default(),
            counters: chip::counters::Counters::default(),
            rmt: chip::rmt::Rmt::default(),
            sensors: chip::sensors::Sensors::default(),
            flash: Rc::new(RefCell::new(setup.flash)),
            running: None,
            wires: setup.wires,
            watched: Kinds::NONE,
            wired: 0,
            radio: setup.radio,
            tls: setup.tls,
            wifi: chip::wifi::Wifi::new(setup.mac, era),
            esp_now: chip::esp_now::EspNow::default(),
            socket_callbacks: Default::default(),
            webrepl_password: Vec::new(),
            log: chip::log::Log::default(),
            open_sockets: Default::default(),
            idf_heap,
            mac: setup.mac,
            cause: ResetCause::PowerOn,
            straps: 0,
            held: false,
            auto_reset: chip::auto_reset::AutoReset::default(),
            hung_up: false,
            line_baud: crate::loader::BAUD,
            rtc_offset_us: setup.rtc_offset_us,
            booted_us: 0,
            rtc_memory: alloc::vec![0; chip::RTC_MEMORY],
            rtc_memory_len: 0,
            rtc_slow: chip::memory::RtcSlow::default(),
            freq: 0,
            soft_reset: false,
            irqs_off: 0,
            irqs_off_us: None,
            thread_stack: 0,
            leave: None,
            files: setup.files,
        });
        Self {
            vm,
            config,
            banner,
            soft_reboot,
            prompt: Prompt::Friendly,
            boot_text: setup.boot_text,
        }
    }

    /// Runs until the power goes.
    pub fn run(&mut self) {
        let mut cause = ResetCause::PowerOn;
        let mut calls_loader = false;
        loop {
            let mut left = match self.power_up(cause, core::mem::take(&mut calls_loader)) {
                Some(left) => left,
                None => self.run_firmware(),
            };
            if left == Leave::DeepSleep {
                // Nothing of the program is left while the chip sleeps.
                self.fresh_machine();
                left = chip::power::deep_sleep(&mut self.vm);
            }
            match left {
                Leave::Reset(why) => cause = why,
                Leave::Loader => {
                    cause = ResetCause::PowerOn;
                    calls_loader = true;
                }
                Leave::PowerOff | Leave::DeepSleep => return,
            }
            self.fresh_machine();
            if cause == ResetCause::PowerOn {
                // The clock had no power either.
                let now = self.vm.port.now_us() as i64;
                Chip::of(&mut self.vm).rtc_offset_us = -now;
            }
        }
    }

    /// Boots and runs one program instead of the prompt, until it ends or resets the chip.
    pub fn run_program(&mut self, source: &[u8], file: &str) -> Outcome {
        if self.leave_reset(ResetCause::PowerOn).is_some() {
            return Outcome::Done;
        }
        flash::boot(Chip::of(&mut self.vm));
        if self.start_machine(false) == Mounted::Leave {
            return Outcome::Done;
        }
        let vm = &mut self.vm;
        vm.console_crlf = false;
        vm.set_interrupt_char(3);
        let globals = vm.pinned(MAIN_DICT);
        let done = vm.exec_source(source, file, Mode::Module, globals);
        if done.is_ok() || vm.aborting {
            let crashed = [ResetCause::Panic, ResetCause::Watchdog].map(Leave::Reset);
            let left = Chip::of(vm).leave;
            return match left.is_some_and(|how| crashed.contains(&how)) {
                true => Outcome::Exit(1),
                false => Outcome::Done,
            };
        }
        let e = vm.pending;
        vm.root(e);
        if vm.exception_is(e, types::SYSTEM_EXIT) {
            let v = vm.exception_value(e);
            return match v.as_int() {
                Some(code) => Outcome::Exit(code as i32),
                None if v == Value::NONE => Outcome::Exit(0),
                None => {
                    let mut text = Vec::new();
                    // The text is only informative; what cannot be printed stays away.
                    let _ = vm.print(v, &mut text, PrintKind::Str);
                    text.push(b'\n');
                    Outcome::Raised(text)
                }
            };
        }
        let mut text = Vec::new();
        vm.print_exception(e, &mut text);
        vm.tell(Told::Exception { exception: e, origin: file, text: &text });
        Outcome::Raised(text)
    }

    /// The machine, for whoever prepares or inspects the board between runs.
    pub fn vm(&mut self) -> &mut Vm {
        &mut self.vm
    }

    /// The chip starts anew, and what is around it is told so. Why it is held in reset until it is to
    /// be left, if it is.
    fn leave_reset(&mut self, cause: ResetCause) -> Option<Leave> {
        let now = self.vm.port.now_us();
        let chip = Chip::of(&mut self.vm);
        chip.look_around();
        chip.reset(cause);
        chip.tell_pads(now);
        if let Some(left) = rom::held(&mut self.vm) {
            return Some(left);
        }
        let now = self.vm.port.now_us();
        let chip = Chip::of(&mut self.vm);
        chip.booted_us = now;
        chip.emit(now, Event::Reset(cause));
        chip::take_stimuli(&mut self.vm);
        None
    }

    /// The ROM; why the firmware does not start. With `calls_loader` its loader does, and answers.
    fn power_up(&mut self, cause: ResetCause, calls_loader: bool) -> Option<Leave> {
        self.prompt = Prompt::Friendly;
        if !calls_loader {
            Chip::of(&mut self.vm).wires.hears(Listener::Firmware);
        }
        if let Some(left) = self.leave_reset(cause) {
            return Some(left);
        }
        if calls_loader {
            return Some(loader::run(&mut self.vm, true));
        }
        let left = rom::start(&mut self.vm, cause, self.boot_text);
        if left.is_none() {
            flash::boot(Chip::of(&mut self.vm));
        }
        left
    }

    fn run_firmware(&mut self) -> Leave {
        loop {
            let mounted = self.start_machine(true);
            let left = match mounted {
                Mounted::Done => self.interpreter(),
                Mounted::Leave => self.take_leave(),
            };
            if let Some(leave) = left {
                return leave;
            }
            vfs::close_all(&mut self.vm);
            let text = self.soft_reboot.clone() + "\r\n";
            self.vm.write_console(text.as_bytes());
            self.fresh_machine();
            let now = self.vm.port.now_us();
            let chip = Chip::of(&mut self.vm);
            chip.soft_reset = true;
            chip.irqs_off = 0;
            chip.irqs_off_us = None;
            chip.emit(now, Event::SoftReset);
        }
    }

    /// Boot scripts and prompts, until a soft reset (nothing) or the end.
    fn interpreter(&mut self) -> Option<Leave> {
        let mut scripts = alloc::vec!["boot.py"];
        if self.prompt == Prompt::Friendly {
            scripts.push("main.py");
        }
        for script in scripts {
            match vfs::read_file(&mut self.vm, script) {
                Some(source) => {
                    match repl::execute(&mut self.vm, &source, script, Mode::Module, false) {
                        Ended::Leave => return self.take_leave(),
                        Ended::Exit => return None,
                        _ => {}
                    }
                }
                None => continue,
            }
        }
        loop {
            let exit = match self.prompt {
                Prompt::Friendly => repl::friendly(&mut self.vm, &self.banner),
                Prompt::Raw => repl::raw(&mut self.vm),
            };
            match exit {
                Exit::SoftReset => return None,
                Exit::Leave => return self.take_leave(),
                Exit::Switch => {
                    self.prompt =
                        if self.prompt == Prompt::Raw { Prompt::Friendly } else { Prompt::Raw };
                }
            }
        }
    }

    fn take_leave(&mut self) -> Option<Leave> {
        // An abort without a reason is a soft reset asked for by the program.
        Chip::of(&mut self.vm).leave.take()
    }

    /// A machine with an empty heap; the chip stays.
    fn fresh_machine(&mut self) {
        crate::modules::machine::rtc::keep_memory(&mut self.vm);
        // The real-time clock runs on.
        let wall = wall_us(&mut self.vm) - self.vm.port.now_us() as i64;
        let port = core::mem::replace(&mut self.vm.port, Box::new(NullPort::default()));
        let mut chip = self.vm.take_state::<Chip>().expect("a board always has its chip");
        chip.rtc_offset_us = wall;
        chip.reset_timers();
        chip.radio.close_all();
        chip.radio.listen_now(false);
        chip.esp_now = chip::esp_now::EspNow::default();
        chip.socket_callbacks.forget();
        chip.open_sockets.clear();
        chip.idf_heap.clear();
        chip.uarts = Default::default();
        chip.i2ss = Default::default();
        for spi in &mut chip.spis {
            spi.has_card = false;
        }
        chip.ledc = chip::ledc::Ledc::default();
        chip.counters = chip::counters::Counters::default();
        chip.rmt.taken.fill(false);
        chip.level_irqs = 0;
        for p in &mut chip.pins {
            p.irq_kind = 0;
            p.irq_slot = 0;
            p.claimed = false;
            p.uart_drives = false;
        }
        let gc_stress = self.vm.gc_stress;
        let mut machine_code = self.vm.machine_code.take();
        if let Some(machine_code) = &mut machine_code {
            machine_code.forget_unless(&|_| false);
        }
        self.vm = Vm::new(self.vm.rom.clone(), port, self.config);
        self.vm.gc_stress = gc_stress;
        self.vm.machine_code = machine_code;
        self.vm.set_state(chip);
        self.vm.state::<WallClock>().offset_us = wall;
    }

    fn start_machine(&mut self, has_console: bool) -> Mounted {
        let vm = &mut self.vm;
        vm.console_crlf = true;
        vm.hardware = Some(&chip::memory::HARDWARE);
        vm.hook = Some(chip::poll);
        vm.witness = Some(chip::witness);
        vm.deadline = Some(chip::deadline);
        vm.importer = Some(vfs::import);
        vm.second_console = Some(&dupterm::SECOND);
        let main = vm.new_module(names::main).expect("an empty heap has room for a module");
        let dict = vm.module_dict(main).expect("just made");
        let place = vm.pin(dict);
        debug_assert_eq!(place, MAIN_DICT);
        let place = vm.pin(main);
        debug_assert_eq!(place, MAIN_MODULE);
        let modules = vm.modules;
        vm.dict_put(modules, names::main, main).expect("an empty heap has room for an entry");
        vm.release(0);
        identify(vm);
        vfs::mount_root(vm, has_console)
    }
}

/// Tells the machine which firmware and board it is.
fn identify(vm: &mut Vm) {
    let chip = Chip::of(vm);
    let (profile, offset, booted) = (chip.profile.clone(), chip.rtc_offset_us, chip.booted_us);
    let mut numbers = profile.version.split('.').map(|n| n.parse().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    *vm.state::<Identity>() = Identity {
        version: profile
            .sys_version
            .replace("{version}", &profile.version)
            .replace("{date}", &profile.date),
        numbers: (next(), next(), next()),
        machine: profile.board_name.clone(),
        build: "ESP32_GENERIC".into(),
        thread: "GIL".into(),
        // Bytecode 6.3 and no native code: 31-bit small ints.
        mpy: 0x306,
        implementation: profile.implementation.clone(),
        path: profile.path.clone(),
    };
    *vm.state::<WallClock>() = WallClock { offset_us: offset, ticks_from_us: booted };
}

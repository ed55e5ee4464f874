//! The life of a board: reset, boot, prompt, and round again.

use crate::chip::{self, Chip, Leave, PinState, ResetCause, TimerState};
use crate::outside::{Event, Flash, Wires};
use crate::profile::{Device, Profile};
use crate::repl::{self, Ended, Exit, Prompt};
use crate::vfs;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use coil_vm::compiler::Mode;
use coil_vm::port::NullPort;
use coil_vm::rom::Rom;
use coil_vm::{Config, Port, Vm, names};
use core::cell::RefCell;

/// The pinned place of the main module's dict.
pub const MAIN_DICT: usize = 0;

/// What a board is made of.
pub struct Setup {
    /// Firmware generation.
    pub profile: Rc<Profile>,
    /// Board type.
    pub device: Rc<Device>,
    /// The firmware's fixed part, shared by boards.
    pub rom: Arc<Rom>,
    /// Console and clock.
    pub port: Box<dyn Port>,
    /// Pins and observers.
    pub wires: Box<dyn Wires>,
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
    history: Vec<String>,
    boot_text: bool,
}

impl core::fmt::Debug for Board {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Board").field("vm", &self.vm).field("prompt", &self.prompt).finish_non_exhaustive()
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
        let soft_reboot = setup.profile.switches.soft_reboot.clone();
        let mut vm = Vm::new(setup.rom, setup.port, config);
        vm.set_state(Chip {
            profile: setup.profile,
            device: setup.device,
            pins: [PinState::default(); chip::GPIO_COUNT],
            timers: [TimerState::default(); 4],
            flash: Rc::new(RefCell::new(setup.flash)),
            wires: setup.wires,
            mac: setup.mac,
            cause: ResetCause::PowerOn,
            rtc_offset_us: setup.rtc_offset_us,
            rtc_memory: Vec::new(),
            freq: 160_000_000,
            leave: None,
        });
        Self {
            vm,
            config,
            banner,
            soft_reboot,
            prompt: Prompt::Friendly,
            history: Vec::new(),
            boot_text: setup.boot_text,
        }
    }

    /// Runs until the power goes.
    pub fn run(&mut self) {
        let mut cause = ResetCause::PowerOn;
        loop {
            self.power_up(cause);
            match self.run_firmware() {
                Leave::PowerOff => return,
                Leave::Reset(why) => cause = why,
            }
            self.fresh_machine();
        }
    }

    /// Boots and runs one program instead of the prompt, until it ends or resets the chip.
    pub fn run_program(&mut self, source: &[u8], file: &str) -> Ended {
        Chip::of(&mut self.vm).reset(ResetCause::PowerOn);
        self.start_machine();
        repl::execute(&mut self.vm, source, file, Mode::Module, false)
    }

    /// The machine, for whoever prepares or inspects the board between runs.
    pub fn vm(&mut self) -> &mut Vm {
        &mut self.vm
    }

    fn power_up(&mut self, cause: ResetCause) {
        self.prompt = Prompt::Friendly;
        let now = self.vm.port.now_us();
        let chip = Chip::of(&mut self.vm);
        chip.reset(cause);
        chip.emit(now, Event::Reset(cause));
        let text = crate::boot::rom_text(&chip.profile, cause);
        if self.boot_text {
            self.vm.port.write(text.as_bytes());
        }
    }

    fn run_firmware(&mut self) -> Leave {
        loop {
            self.start_machine();
            if let Some(leave) = self.interpreter() {
                return leave;
            }
            let text = self.soft_reboot.clone() + "\r\n";
            self.vm.port.write(text.as_bytes());
            self.fresh_machine();
            let now = self.vm.port.now_us();
            Chip::of(&mut self.vm).emit(now, Event::SoftReset);
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
                Some(source) => match repl::execute(&mut self.vm, &source, script, Mode::Module, false) {
                    Ended::Leave => return self.take_leave(),
                    Ended::Exit => return None,
                    _ => {}
                },
                None => continue,
            }
        }
        loop {
            let exit = match self.prompt {
                Prompt::Friendly => repl::friendly(&mut self.vm, &self.banner, &mut self.history),
                Prompt::Raw => repl::raw(&mut self.vm),
            };
            match exit {
                Exit::SoftReset => return None,
                Exit::Leave => return self.take_leave(),
                Exit::Switch => {
                    self.prompt = if self.prompt == Prompt::Raw { Prompt::Friendly } else { Prompt::Raw };
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
        let port = core::mem::replace(&mut self.vm.port, Box::new(NullPort::default()));
        let mut chip = self.vm.take_state::<Chip>().expect("a board always has its chip");
        chip.timers = Default::default();
        for p in &mut chip.pins {
            p.irq_edges = 0;
            p.irq_slot = 0;
        }
        self.vm = Vm::new(self.vm.rom.clone(), port, self.config);
        self.vm.set_state(chip);
    }

    fn start_machine(&mut self) {
        let vm = &mut self.vm;
        vm.console_crlf = true;
        vm.hook = Some(chip::poll);
        vm.deadline = Some(chip::deadline);
        vm.importer = Some(vfs::import);
        let main = vm.new_module(names::main).expect("an empty heap has room for a module");
        let dict = vm.module_dict(main).expect("just made");
        let place = vm.pin(dict);
        debug_assert_eq!(place, MAIN_DICT);
        let modules = vm.modules;
        vm.dict_put(modules, names::main, main).expect("an empty heap has room for an entry");
        vm.release(0);
        vfs::mount_root(vm);
    }
}

//! Which system calls the kernel asks about: those that read or set the lines of a serial port.

use libc::{sock_filter, sock_fprog};

/// Reads the lines.
pub(crate) const TIOCMGET: u32 = 0x5415;
/// Sets lines.
pub(crate) const TIOCMBIS: u32 = 0x5416;
/// Clears lines.
pub(crate) const TIOCMBIC: u32 = 0x5417;
/// Sets and clears all lines.
pub(crate) const TIOCMSET: u32 = 0x5418;

/// The numbers of system calls are those of this processor.
#[cfg(target_arch = "x86_64")]
const ARCHITECTURE: Option<u32> = Some(0xc000_003e);
#[cfg(target_arch = "aarch64")]
const ARCHITECTURE: Option<u32> = Some(0xc000_00b7);
#[cfg(target_arch = "riscv64")]
const ARCHITECTURE: Option<u32> = Some(0xc000_00f3);
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64")))]
const ARCHITECTURE: Option<u32> = None;

// Places in what the kernel shows of a call: its number, the processor, the second argument's lower half.
const NUMBER: u32 = 0;
const PROCESSOR: u32 = 4;
const COMMAND: u32 = if cfg!(target_endian = "little") { 24 } else { 28 };

const LOAD: u16 = (libc::BPF_LD | libc::BPF_W | libc::BPF_ABS) as u16;
const IF_EQUAL: u16 = (libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K) as u16;
const RETURN: u16 = (libc::BPF_RET | libc::BPF_K) as u16;

const fn load(k: u32) -> sock_filter {
    sock_filter { code: LOAD, jt: 0, jf: 0, k }
}

const fn if_equal(k: u32, jt: u8, jf: u8) -> sock_filter {
    sock_filter { code: IF_EQUAL, jt, jf, k }
}

const fn give(k: u32) -> sock_filter {
    sock_filter { code: RETURN, jt: 0, jf: 0, k }
}

/// The program; nothing where the processor's numbers are not known here.
pub(crate) fn program() -> Option<[sock_filter; 11]> {
    let architecture = ARCHITECTURE?;
    Some([
        load(PROCESSOR),
        if_equal(architecture, 0, 7),
        load(NUMBER),
        if_equal(libc::SYS_ioctl as u32, 0, 5),
        load(COMMAND),
        if_equal(TIOCMGET, 4, 0),
        if_equal(TIOCMBIS, 3, 0),
        if_equal(TIOCMBIC, 2, 0),
        if_equal(TIOCMSET, 1, 0),
        give(libc::SECCOMP_RET_ALLOW),
        give(libc::SECCOMP_RET_USER_NOTIF),
    ])
}

/// The form in which the kernel takes it.
pub(crate) fn as_kernel_takes_it(program: &mut [sock_filter]) -> sock_fprog {
    sock_fprog { len: program.len() as u16, filter: program.as_mut_ptr() }
}

#[cfg(test)]
mod tests {
    use super::{COMMAND, IF_EQUAL, LOAD, NUMBER, PROCESSOR, RETURN, program};

    /// What the kernel makes of a call.
    fn verdict(processor: u32, number: u32, command: u32) -> u32 {
        let program = program().expect("this processor is known");
        let (mut at, mut a) = (0, 0);
        loop {
            let step = &program[at];
            at += 1;
            match (step.code, step.k) {
                (LOAD, PROCESSOR) => a = processor,
                (LOAD, NUMBER) => a = number,
                (LOAD, COMMAND) => a = command,
                (IF_EQUAL, k) => at += usize::from(if a == k { step.jt } else { step.jf }),
                (RETURN, k) => return k,
                _ => panic!("unknown step"),
            }
        }
    }

    #[test]
    fn only_calls_about_lines_are_asked_about() {
        let ioctl = libc::SYS_ioctl as u32;
        let here = super::ARCHITECTURE.expect("known");
        for command in 0x5400..0x5480 {
            let is_asked = (0x5415..=0x5418).contains(&command);
            let expected =
                if is_asked { libc::SECCOMP_RET_USER_NOTIF } else { libc::SECCOMP_RET_ALLOW };
            assert_eq!(verdict(here, ioctl, command), expected, "{command:#x}");
            assert_eq!(verdict(here, ioctl + 1, command), libc::SECCOMP_RET_ALLOW);
            assert_eq!(verdict(here ^ 1, ioctl, command), libc::SECCOMP_RET_ALLOW);
        }
    }
}

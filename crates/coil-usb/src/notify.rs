//! The kernel's questions: installing the filter, and taking and answering what it asks.

#![allow(unsafe_code, reason = "the kernel asks and is answered by calls that no library has")]

use crate::filter;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};

/// The requests of the file that the questions come by: their number, and the size of what goes to and fro.
const RECEIVE: libc::Ioctl = request(0, 3, size_of::<libc::seccomp_notif>());
const SEND: libc::Ioctl = request(1, 3, size_of::<libc::seccomp_notif_resp>());

const fn request(number: u64, direction: u64, size: usize) -> libc::Ioctl {
    (direction << 30 | (size as u64) << 16 | 0x21 << 8 | number) as libc::Ioctl
}

/// A system call that waits for an answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question {
    id: u64,
    /// The thread that makes it.
    pub(crate) thread: u32,
    /// Its arguments.
    pub(crate) args: [u64; 6],
}

/// What becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It has been done.
    Done,
    /// It has failed, with this error.
    Failed(i32),
    /// It is not ours: the kernel does what it does.
    Pass,
}

/// Where the questions come.
#[derive(Debug)]
pub(crate) struct Questions(OwnedFd);

impl Questions {
    /// Has the kernel ask about this thread and all that it starts from now on.
    pub(crate) fn install() -> io::Result<Self> {
        let mut program =
            filter::program().ok_or_else(|| io::Error::from(io::ErrorKind::Unsupported))?;
        let program = filter::as_kernel_takes_it(&mut program);
        // SAFETY: the call reads the program, which is valid and alive, and gives a file of ours or an error.
        let file = unsafe {
            libc::syscall(
                libc::SYS_seccomp,
                libc::SECCOMP_SET_MODE_FILTER,
                libc::SECCOMP_FILTER_FLAG_NEW_LISTENER,
                &raw const program,
            )
        };
        let file =
            i32::try_from(file).ok().filter(|f| *f >= 0).ok_or_else(io::Error::last_os_error)?;
        // SAFETY: the kernel has just made it for us and nobody else has it.
        Ok(Self(unsafe { OwnedFd::from_raw_fd(file) }))
    }

    /// Waits for the next question.
    pub(crate) fn next(&self) -> io::Result<Question> {
        // SAFETY: all of it are numbers, for which zero is a value; the kernel wants zeros.
        let mut asked: libc::seccomp_notif = unsafe { std::mem::zeroed() };
        // SAFETY: the request writes one structure of this size, to which we have the only reference.
        let done = unsafe { libc::ioctl(self.0.as_raw_fd(), RECEIVE, &raw mut asked) };
        if done < 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(Question { id: asked.id, thread: asked.pid, args: asked.data.args })
    }

    /// Answers one. Who asked may have gone, which is no error.
    pub(crate) fn answer(&self, question: &Question, verdict: Verdict) {
        let (error, flags) = match verdict {
            Verdict::Done => (0, 0),
            Verdict::Failed(error) => (-error, 0),
            Verdict::Pass => (0, libc::SECCOMP_USER_NOTIF_FLAG_CONTINUE as u32),
        };
        let mut answer = libc::seccomp_notif_resp { id: question.id, val: 0, error, flags };
        // SAFETY: the request reads one structure of this size, which is ours and alive.
        unsafe { libc::ioctl(self.0.as_raw_fd(), SEND, &raw mut answer) };
    }
}

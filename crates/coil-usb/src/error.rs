//! Why boards cannot be shown as USB devices here, and what to do.

use std::io;
use std::path::PathBuf;

/// Why not.
#[derive(Debug, thiserror::Error)]
pub enum UsbError {
    /// No view of one's own can be had, for the reason given.
    #[error(
        "this system gives no own view of its device files ({0}). {advice}. Without all that, name a board's port to the tool",
        advice = coil_namespace::ADVICE
    )]
    Namespace(io::Error),
    /// A part of the view cannot be made.
    #[error("cannot show `{}` in this process's view of the system", .path.display())]
    View {
        /// What.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A board's pseudo-terminal has gone.
    #[error("`{}` is no serial port of a board any more", .pts.display())]
    Port {
        /// Its file.
        pts: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// One view is in another.
    #[error("the boards are USB ports in this shell already; leave it first")]
    Nested,
    /// Lines cannot be heard of, for the reason given.
    #[error(
        "DTR and RTS are not there: the kernel does not tell of them ({0}); that needs Linux 5.5 or later with seccomp. \
         Tools that reset by them want `--before no-reset --after no-reset` or the like"
    )]
    Lines(io::Error),
}

//! Why there can be no WiFi interface here, and what to do.

use std::io;
use std::path::PathBuf;

/// Why not.
#[derive(Debug, thiserror::Error)]
pub enum WlanError {
    /// No network of one's own can be had, for the reason given.
    #[error("this system gives no network of one's own ({0}). {advice}", advice = coil_namespace::ADVICE)]
    Namespace(io::Error),
    /// There is no driver for interfaces of programs.
    #[error(
        "there is no `/dev/net/tun` here, by which programs have network interfaces. Load the driver with `modprobe tun`; a container \
         wants `--device /dev/net/tun`"
    )]
    NoDriver,
    /// The driver is not for this user.
    #[error(
        "`/dev/net/tun` may not be used ({0}). Run it as root, or let everybody use it as most systems do: `chmod 666 /dev/net/tun`; \
         whoever opens it can do no more with it than he may with the network that he is in"
    )]
    Driver(io::Error),
    /// The interface cannot be made or set up.
    #[error("cannot {step}")]
    Interface {
        /// What was to be done.
        step: &'static str,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The server that resolves names cannot be shown to programs.
    #[error("cannot show the network's own `{}`", .path.display())]
    Names {
        /// Where programs look.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
}

/// The error of a step.
pub(crate) fn at(step: &'static str) -> impl FnOnce(io::Error) -> WlanError {
    move |source| WlanError::Interface { step, source }
}

//! A view of the system of its own, for this process and those that it starts: as root, or as any user where the system lets everybody.
//!
//! Owns how a process parts with the others' view and shows files there; must not know what for.

use nix::errno::Errno;
use nix::mount::{MsFlags, mount};
use nix::sched::{CloneFlags, unshare};
use nix::unistd::{getegid, geteuid};
use std::fs;
use std::io;
use std::path::Path;

/// What a process has of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Own {
    /// What it sees of the system's files.
    Files,
    /// That, and a network without anything in it but a loopback interface that is down.
    FilesAndNetwork,
}

/// What to do where [`part`] is refused.
pub const ADVICE: &str = "Run it as root, or have unprivileged user namespaces allowed: \
     `sysctl kernel.apparmor_restrict_unprivileged_userns=0` on Ubuntu, `sysctl kernel.unprivileged_userns_clone=1` on Debian, \
     and in a container its `--privileged`";

/// Parts with the others' view: as who may, or as nobody in particular, where the system lets everybody. This process must not have
/// a second thread yet.
///
/// # Errors
/// If the system does not let it.
pub fn part(own: Own) -> io::Result<()> {
    let alone = match own {
        Own::Files => CloneFlags::CLONE_NEWNS,
        Own::FilesAndNetwork => CloneFlags::CLONE_NEWNS | CloneFlags::CLONE_NEWNET,
    };
    if unshare(alone).is_err() {
        let (user, group) = (geteuid(), getegid());
        unshare(alone | CloneFlags::CLONE_NEWUSER)?;
        // Everybody is who he was. Groups cannot be handed on otherwise.
        fs::write("/proc/self/setgroups", "deny")?;
        fs::write("/proc/self/uid_map", format!("{user} {user} 1"))?;
        fs::write("/proc/self/gid_map", format!("{group} {group} 1"))?;
    }
    // What is put here stays here.
    let private = MsFlags::MS_REC | MsFlags::MS_PRIVATE;
    mount(None::<&str>, "/", None::<&str>, private, None::<&str>)?;
    Ok(())
}

/// Puts an empty folder over one of the system.
///
/// # Errors
/// If the system does not let it.
pub fn cover(folder: &Path) -> io::Result<()> {
    Ok(mount(Some("coil"), folder, Some("tmpfs"), MsFlags::MS_NOSUID, Some("mode=755"))?)
}

/// Shows a file or a folder, with all that is mounted in it, at a place where another one is.
///
/// # Errors
/// If the system does not let it. One that is not there is shown nowhere, and is no error.
pub fn show(what: &Path, here: &Path) -> io::Result<()> {
    let whole = MsFlags::MS_BIND | MsFlags::MS_REC;
    match mount(Some(what), here, None::<&str>, whole, None::<&str>) {
        // It has gone since.
        Err(Errno::ENOENT) => Ok(()),
        done => Ok(done?),
    }
}

//! The wire of a session: its port, what waits to be sent, what came and nobody has looked at, and the bell of those who ask.

use crate::host::port::Port;
use crate::host::{Address, Error};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::OwnedFd;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long EN is held down.
const PULSE: Duration = Duration::from_millis(100);

/// The wire.
#[derive(Debug)]
pub(super) struct Wire {
    address: Address,
    port: Option<Port>,
    out: VecDeque<u8>,
    /// What came.
    pub(super) came: VecDeque<u8>,
    bell: Arc<OwnedFd>,
    /// The BOOT button is held.
    is_held: bool,
}

impl Wire {
    pub(super) const fn new(address: Address, bell: Arc<OwnedFd>) -> Self {
        Self {
            address,
            port: None,
            out: VecDeque::new(),
            came: VecDeque::new(),
            bell,
            is_held: false,
        }
    }

    pub(super) fn open(&mut self) -> Result<(), Error> {
        self.port = Some(Port::open(&self.address)?);
        Ok(())
    }

    pub(super) const fn is_open(&self) -> bool {
        self.port.is_some()
    }

    pub(super) fn close(&mut self) {
        self.port = None;
        self.is_held = false;
        self.out.clear();
        self.came.clear();
    }

    /// Bytes that wait to be sent.
    pub(super) fn waiting(&self) -> usize {
        self.out.len()
    }

    /// Sends bytes, as soon as the port takes them.
    pub(super) fn send(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.out.extend(bytes);
        self.flush()
    }

    fn flush(&mut self) -> Result<(), Error> {
        let port = self.port.as_mut().ok_or(Error::Gone)?;
        let mut sent = || -> std::io::Result<()> {
            port.flush()?;
            while !self.out.is_empty() {
                let n = port.write(self.out.as_slices().0)?;
                if n == 0 {
                    break;
                }
                self.out.drain(..n);
            }
            Ok(())
        };
        sent().map_err(|_| Error::Gone)
    }

    /// Waits until something comes, the bell rings or it is time.
    pub(super) fn wait(&mut self, until: Option<Instant>) -> Result<(), Error> {
        let left = until.map(|until| until.saturating_duration_since(Instant::now()));
        // A moment more, so that it is time then.
        let left = left.map(|left| Timespec {
            tv_sec: i64::try_from(left.as_secs()).unwrap_or(i64::MAX),
            tv_nsec: i64::from(left.subsec_nanos()),
        });
        let mut files = vec![PollFd::new(&*self.bell, PollFlags::IN)];
        let file = self.port.as_ref().map(Port::file);
        if let (Some(file), Some(port)) = (file.as_ref(), self.port.as_ref()) {
            let mut wanted = PollFlags::IN;
            if !self.out.is_empty() || port.wants_to_write() {
                wanted |= PollFlags::OUT;
            }
            files.push(PollFd::new(file, wanted));
        }
        match poll(&mut files, left.as_ref()) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(_) => return Err(Error::Gone),
        }
        let rung = !files[0].revents().is_empty();
        let about = files.get(1).map(|f| f.revents());
        if rung {
            let _ = rustix::io::read(&*self.bell, &mut [0; 8][..]);
        }
        let Some(about) = about else { return Ok(()) };
        if about.contains(PollFlags::OUT) {
            self.flush()?;
        }
        if about.intersects(PollFlags::IN | PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            let mut bytes = Vec::new();
            let port = self.port.as_mut().ok_or(Error::Gone)?;
            let read = port.read(&mut bytes);
            self.came.extend(bytes);
            read.map_err(|_| Error::Gone)?;
        }
        Ok(())
    }

    /// Holds the BOOT button, or lets it go: GPIO0, which DTR pulls down while RTS is off.
    pub(super) fn boot(&mut self, held: bool) -> Result<(), Error> {
        let port = self.port.as_mut().ok_or(Error::Gone)?;
        port.lines(held, false)?;
        self.is_held = held;
        Ok(())
    }

    /// Resets the chip: EN, which RTS pulls down while DTR is off. What came before is nothing any more.
    pub(super) fn reset(&mut self) -> Result<(), Error> {
        let port = self.port.as_mut().ok_or(Error::Gone)?;
        port.lines(false, true)?;
        std::thread::sleep(PULSE);
        port.lines(self.is_held, false)?;
        self.out.clear();
        Ok(())
    }
}

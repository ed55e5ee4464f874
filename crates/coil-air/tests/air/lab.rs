//! A lab in virtual time: the air and some boards, run until something holds.

use coil_air::{
    AccessPoint, Air, AirConfig, Resolution, SocketError, SocketId, Station, StationStatus, Waker,
};
use std::net::{Ipv4Addr, SocketAddrV4};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

pub(crate) const SSID: &str = "workshop";
pub(crate) const PASSWORD: &str = "blinkenlights";

pub(crate) struct Lab {
    pub(crate) air: Air,
    pub(crate) boards: Vec<Station>,
    pub(crate) now_us: u64,
    // Somebody has something to look at in this moment.
    woken: Arc<AtomicBool>,
}

pub(crate) fn config() -> AirConfig {
    AirConfig::new(AccessPoint::wpa2(SSID, PASSWORD)).unwrap()
}

impl Lab {
    pub(crate) fn new(boards: u8) -> Self {
        Self::with(config(), boards)
    }

    pub(crate) fn with(config: AirConfig, boards: u8) -> Self {
        let air = Air::new(config).unwrap();
        let mut lab = Self { air, boards: Vec::new(), now_us: 0, woken: Arc::default() };
        lab.air.set_waker(Some(lab.waker()));
        for n in 0..boards {
            lab.attach([0x30, 0xae, 0xa4, 0, 0, n]);
        }
        lab
    }

    fn waker(&self) -> Waker {
        let woken = self.woken.clone();
        Arc::new(move || woken.store(true, Relaxed))
    }

    pub(crate) fn attach(&mut self, mac: [u8; 6]) {
        let mut board = self.air.attach(mac);
        board.set_waker(Some(self.waker()));
        self.boards.push(board);
    }

    /// All boards connected, with addresses.
    pub(crate) fn online(boards: u8) -> Self {
        let mut lab = Self::new(boards);
        lab.join_all();
        lab
    }

    pub(crate) fn join_all(&mut self) {
        let now_us = self.now_us;
        for board in &mut self.boards {
            board.connect(SSID, PASSWORD, now_us);
        }
        let all = |lab: &mut Self| {
            lab.boards.iter().all(|board| board.status() == StationStatus::GotIp).then_some(())
        };
        self.until(20_000_000, all).expect("all boards join");
    }

    pub(crate) fn step(&mut self) {
        for board in &mut self.boards {
            board.poll(self.now_us);
        }
        self.air.poll(self.now_us);
    }

    fn next(&self) -> Option<u64> {
        self.boards.iter().filter_map(Station::next_deadline).chain(self.air.next_deadline()).min()
    }

    /// Runs until `done` answers, or `within_us` have passed; time jumps to the next moment at which something is due.
    pub(crate) fn until<T>(
        &mut self,
        within_us: u64,
        mut done: impl FnMut(&mut Self) -> Option<T>,
    ) -> Option<T> {
        let end_us = self.now_us + within_us;
        loop {
            self.woken.store(false, Relaxed);
            self.step();
            if let Some(result) = done(self) {
                return Some(result);
            }
            let next = self.next().unwrap_or(u64::MAX);
            if self.woken.load(Relaxed) || next <= self.now_us {
                // Frames go to and fro within one moment, but not without end.
                self.now_us += 1;
                assert!(self.now_us < end_us + 1_000_000, "the air never comes to rest");
            } else if self.now_us >= end_us {
                return None;
            } else {
                self.now_us = next.min(end_us);
            }
        }
    }

    pub(crate) fn run(&mut self, for_us: u64) {
        self.until(for_us, |_| None::<()>);
    }

    pub(crate) fn resolve(&mut self, board: usize, name: &str) -> Resolution {
        let id = self.boards[board].start_resolve(name).unwrap();
        self.until(30_000_000, |lab| match lab.boards[board].poll_resolve(id) {
            Resolution::Pending => None,
            done => Some(done),
        })
        .unwrap()
    }

    pub(crate) fn address_of(&mut self, board: usize, name: &str) -> Ipv4Addr {
        match self.resolve(board, name) {
            Resolution::Found(addresses) => addresses[0],
            other => panic!("{name}: {other:?}"),
        }
    }

    /// Connects a new TCP socket; the result when it is known.
    pub(crate) fn connect(
        &mut self,
        board: usize,
        to: SocketAddrV4,
    ) -> Result<SocketId, SocketError> {
        let id = self.boards[board].tcp_open()?;
        match self.boards[board].connect_socket(id, to) {
            Err(SocketError::InProgress) => {}
            Err(error) => {
                self.boards[board].close(id).unwrap();
                return Err(error);
            }
            Ok(()) => return Ok(id),
        }
        let result = self.until(60_000_000, |lab| {
            let ready = lab.boards[board].readiness(id).unwrap();
            ready.writable.then(|| lab.boards[board].connect_socket(id, to))
        });
        match result.unwrap() {
            Err(SocketError::AlreadyConnected) => Ok(id),
            Err(error) => {
                self.boards[board].close(id).unwrap();
                Err(error)
            }
            Ok(()) => unreachable!("a second connect never succeeds"),
        }
    }

    pub(crate) fn recv(&mut self, board: usize, id: SocketId) -> Result<Vec<u8>, SocketError> {
        let mut buffer = [0; 4096];
        self.until(60_000_000, |lab| match lab.boards[board].recv(id, &mut buffer) {
            Err(SocketError::WouldBlock) => None,
            other => Some(other),
        })
        .unwrap()
        .map(|length| buffer[..length].to_vec())
    }
}

//! A thousand boards on one air: only those that have something to do are looked at.

use crate::lab::{PASSWORD, SSID, config};
use coil_air::{Air, ServiceStream, SocketError, SocketId, Station, StationStatus};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::net::SocketAddrV4;
use std::sync::{Arc, Mutex};
use std::time::Instant;

const BOARDS: usize = 1000;
const SECONDS: u64 = 10;
const GATEWAY: usize = usize::MAX;

/// Runs boards and gateway in virtual time by their wakers and deadlines.
struct Fleet {
    air: Air,
    boards: Vec<Station>,
    woken: Arc<Mutex<Vec<usize>>>,
    timers: BinaryHeap<Reverse<(u64, usize)>>,
    now_us: u64,
    polls: u64,
}

impl Fleet {
    fn new(count: usize) -> Self {
        let mut config = config();
        config.prefix = 16;
        let air = Air::new(config).unwrap();
        let woken: Arc<Mutex<Vec<usize>>> = Arc::default();
        let waker = |who: usize| {
            let woken = woken.clone();
            Some(Arc::new(move || woken.lock().unwrap().push(who)) as coil_air::Waker)
        };
        air.set_waker(waker(GATEWAY));
        let mut boards = Vec::new();
        for n in 0..count {
            let mut board = air.attach([2, 0, 0, 0, (n >> 8) as u8, n as u8]);
            board.set_waker(waker(n));
            boards.push(board);
        }
        Self { air, boards, woken, timers: BinaryHeap::new(), now_us: 0, polls: 0 }
    }

    fn poll(&mut self, who: usize) {
        self.polls += 1;
        let deadline = if who == GATEWAY {
            self.air.poll(self.now_us);
            self.air.next_deadline()
        } else {
            self.boards[who].poll(self.now_us);
            self.boards[who].next_deadline()
        };
        if let Some(at_us) = deadline {
            self.timers.push(Reverse((at_us.max(self.now_us + 1), who)));
        }
    }

    fn run_until(&mut self, end_us: u64) {
        loop {
            let mut woken = std::mem::take(&mut *self.woken.lock().unwrap());
            woken.sort_unstable();
            woken.dedup();
            for who in &woken {
                self.poll(*who);
            }
            if !woken.is_empty() {
                continue;
            }
            match self.timers.peek() {
                Some(Reverse((at_us, _))) if *at_us <= end_us => {
                    self.now_us = self.now_us.max(*at_us);
                }
                _ => break,
            }
            let Some(Reverse((_, who))) = self.timers.pop() else { break };
            self.poll(who);
        }
        self.now_us = end_us;
    }
}

#[test]
fn thousand_boards_keep_a_session_and_send_a_message_a_second() {
    let before_kib = resident_kib();
    let mut fleet = Fleet::new(BOARDS);
    let start = Instant::now();
    for board in &mut fleet.boards {
        board.connect(SSID, PASSWORD, 0);
    }
    for who in 0..BOARDS {
        fleet.poll(who);
    }
    fleet.run_until(4_000_000);
    assert!(fleet.boards.iter().all(|board| board.status() == StationStatus::GotIp));
    println!("{BOARDS} boards joined in {:?}, {} polls", start.elapsed(), fleet.polls);
    let broker = SocketAddrV4::new(
        fleet.air.config().names.find("test.mosquitto.org").unwrap().address,
        1883,
    );
    let mut sockets: Vec<SocketId> = Vec::new();
    for who in 0..BOARDS {
        let id = fleet.boards[who].tcp_open().unwrap();
        assert_eq!(fleet.boards[who].connect_socket(id, broker), Err(SocketError::InProgress));
        sockets.push(id);
        fleet.poll(who);
    }
    fleet.run_until(5_000_000);
    let streams: HashMap<_, ServiceStream> = std::iter::from_fn(|| fleet.air.accept_service())
        .map(|stream| (stream.peer_mac(), stream))
        .collect();
    assert_eq!(streams.len(), BOARDS);
    let kib = resident_kib().saturating_sub(before_kib) / BOARDS as u64;
    let (start, polls) = (Instant::now(), fleet.polls);
    for second in 0..SECONDS {
        for (who, socket) in sockets.iter().enumerate() {
            let at_us = 5_000_000 + second * 1_000_000 + who as u64 * 1_000;
            fleet.run_until(at_us);
            assert_eq!(fleet.boards[who].send(*socket, &[second as u8; 40]), Ok(40));
            fleet.poll(who);
        }
    }
    fleet.run_until(5_000_000 + SECONDS * 1_000_000);
    let elapsed = start.elapsed();
    for stream in streams.values() {
        let mut buffer = [0; 1024];
        assert_eq!(stream.read(&mut buffer).unwrap(), 40 * SECONDS as usize);
        assert_eq!(buffer[40 * (SECONDS as usize - 1)], SECONDS as u8 - 1);
    }
    let polls = fleet.polls - polls;
    println!("{SECONDS} s of {BOARDS} sessions in {elapsed:?}, {polls} polls; {kib} KiB a board");
    assert!(polls < 10 * BOARDS as u64 * SECONDS, "{polls}");
}

fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse().ok()).unwrap_or(0)
}

//! The bridge to the host's tasks, in real time.

use crate::lab::{PASSWORD, SSID, config};
use coil_air::{Air, Resolution, SocketError, Station, StationStatus, bridge};
use std::net::SocketAddrV4;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::Thread;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// A board on a thread of its own, which sleeps until its waker or its next deadline.
struct Board {
    station: Station,
    start: Instant,
}

impl Board {
    fn new(mut station: Station, start: Instant) -> Self {
        let thread: Thread = std::thread::current();
        station.set_waker(Some(Arc::new(move || thread.unpark())));
        Self { station, start }
    }

    fn now_us(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_micros()).unwrap()
    }

    fn until<T>(&mut self, mut done: impl FnMut(&mut Station) -> Option<T>) -> T {
        loop {
            assert!(self.now_us() < 30_000_000, "nothing happens");
            self.station.poll(self.now_us());
            if let Some(result) = done(&mut self.station) {
                return result;
            }
            let wait_us = self
                .station
                .next_deadline()
                .map_or(1_000_000, |at| at.saturating_sub(self.now_us()));
            if wait_us > 0 {
                std::thread::park_timeout(Duration::from_micros(wait_us));
            }
        }
    }

    fn request(&mut self, to: SocketAddrV4, request: &[u8]) -> Vec<u8> {
        let id = self.station.tcp_open().unwrap();
        assert_eq!(self.station.connect_socket(id, to), Err(SocketError::InProgress));
        self.until(|station| station.readiness(id).unwrap().writable.then_some(()));
        assert_eq!(self.station.send(id, request), Ok(request.len()));
        let mut answer = Vec::new();
        let mut buffer = [0; 1024];
        self.until(|station| {
            loop {
                match station.recv(id, &mut buffer) {
                    Ok(0) => return Some(()),
                    Ok(length) => answer.extend_from_slice(&buffer[..length]),
                    Err(SocketError::WouldBlock) => return None,
                    Err(error) => panic!("{error}"),
                }
            }
        });
        self.station.close(id).unwrap();
        answer
    }
}

#[test]
fn http_request_of_a_board_is_answered_by_a_task_of_the_host() {
    let mut config = config();
    config.timings = config.timings.faster(100);
    let air = Air::new(config).unwrap();
    let start = Instant::now();
    let station = air.attach([0x30, 0xae, 0xa4, 9, 9, 9]);
    let board = std::thread::spawn(move || {
        let mut board = Board::new(station, start);
        board.station.connect(SSID, PASSWORD, board.now_us());
        board.until(|station| (station.status() == StationStatus::GotIp).then_some(()));
        let query = board.station.start_resolve("my-json-server.typicode.com").unwrap();
        let found = board.until(|station| match station.poll_resolve(query) {
            Resolution::Pending => None,
            done => Some(done),
        });
        let Resolution::Found(addresses) = found else { panic!("{found:?}") };
        let to = SocketAddrV4::new(addresses[0], 80);
        let mut times: Vec<_> = (0..200)
            .map(|_| {
                let before = Instant::now();
                let answer = board.request(to, b"GET /posts HTTP/1.0\r\n\r\n");
                assert_eq!(answer, b"HTTP/1.0 200 OK\r\n\r\n19 bytes of http-ish");
                before.elapsed()
            })
            .collect();
        times.sort_unstable();
        // Time for the last goodbye before the board is switched off.
        let off_us = board.now_us() + 5_000;
        while board.now_us() < off_us {
            board.station.poll(board.now_us());
        }
        println!("median of a request on a new connection: {:?}", times[times.len() / 2]);
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let served = Arc::new(AtomicUsize::new(0));
    let ended = served.clone();
    runtime.block_on(async {
        let clock: bridge::Clock = Arc::new(move || u64::try_from(start.elapsed().as_micros()).unwrap());
        let run = bridge::run(air, clock, |mut io| {
            assert_eq!(io.stream().name(), "my-json-server.typicode.com");
            let ended = ended.clone();
            tokio::spawn(async move {
                let mut request = Vec::new();
                while !request.ends_with(b"\r\n\r\n") {
                    let byte = io.read_u8().await.unwrap();
                    request.push(byte);
                }
                io.write_all(b"HTTP/1.0 200 OK\r\n\r\n19 bytes of http-ish").await.unwrap();
                io.shutdown().await.unwrap();
                assert_eq!(io.read(&mut [0; 8]).await.unwrap(), 0);
                ended.fetch_add(1, Ordering::Relaxed);
            });
        });
        let waited = tokio::time::timeout(Duration::from_secs(40), async {
            tokio::select! {
                () = run => {}
                () = async { while !board.is_finished() { tokio::time::sleep(Duration::from_millis(5)).await } } => {}
            }
        });
        waited.await.expect("the board ends");
    });
    board.join().unwrap();
    assert_eq!(served.load(Ordering::Relaxed), 200);
}

//! Guests at a socket of the host: one connection each, on which frames go both ways, in the lab's time. What is said before and
//! between the frames is its owner's affair.
//!
//! Each frame comes after its length, two bytes with the higher first. A length of zero comes before a line of text, ended by LF,
//! that tells how the link is; only the lab's side sends those.

use super::Clock;
use crate::air::Air;
use crate::config::IpConfig;
use crate::guest::{Guest, GuestSeat, JoinError, LinkNews};
use crate::segment::lock;
use std::collections::{BTreeSet, VecDeque};
use std::io;
use std::os::unix::net::UnixStream as HostStream;
use std::sync::{Arc, Mutex};
use tokio::net::UnixStream;
use tokio::runtime::Handle;
use tokio::sync::Notify;

/// Bytes that wait for one client; frames that come then are lost.
const WAITING_MAX: usize = 256 * 1024;
/// With so many, lines among them, nobody reads any more.
const GONE: usize = WAITING_MAX + 64 * 1024;
/// Bytes that are taken from a client at a time.
const READ_MAX: usize = 32 * 1024;
/// A length, and the one that comes before a line.
const HEAD: usize = 2;
const LINE_FOLLOWS: [u8; HEAD] = [0; HEAD];

/// What is to be said to the client of a guest.
#[derive(Debug)]
pub enum GuestNews<'a> {
    /// The guest is in, or was in and has other addresses now, or came back.
    Joined(&'a Guest, IpConfig),
    /// It has lost its link to this network.
    Lost(&'a str),
    /// It is not let in.
    Refused(JoinError),
}

/// Puts it into a line of text, without its end.
pub type Say = fn(GuestNews<'_>) -> String;

/// Who takes guests in.
#[derive(Clone)]
pub struct Guests {
    services: Handle,
    air: Air,
    clock: Clock,
    taken: Arc<Mutex<BTreeSet<GuestSeat>>>,
}

impl std::fmt::Debug for Guests {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Guests").field("taken", &self.taken).finish_non_exhaustive()
    }
}

/// A seat that is given back when this is dropped.
struct Taken(GuestSeat, Arc<Mutex<BTreeSet<GuestSeat>>>);

impl Drop for Taken {
    fn drop(&mut self) {
        lock(&self.1).remove(&self.0);
    }
}

impl Guests {
    /// Those of an air, by the lab's clock, served by these threads.
    pub fn new(services: Handle, air: Air, clock: Clock) -> Self {
        Self { services, air, clock, taken: Arc::default() }
    }

    /// Lets a client be a guest in a network until it goes away. A network that is not named is the lab's own, whose password need
    /// not be said. All that is told is told on the stream, now and later.
    ///
    /// # Errors
    /// If the stream is none any more.
    pub fn welcome(
        &self,
        stream: HostStream,
        ssid: Option<&str>,
        password: Option<&str>,
        say: Say,
    ) -> io::Result<()> {
        stream.set_nonblocking(true)?;
        let _in_services = self.services.enter();
        let stream = UnixStream::from_std(stream)?;
        let own = self.air.config().access_points.first();
        let own = own.map(|ap| (ap.ssid.as_str(), ap.password.as_str())).filter(|_| ssid.is_none());
        let (own_ssid, own_password) = own.unwrap_or_default();
        let (ssid, password) = (ssid.unwrap_or(own_ssid), password.unwrap_or(own_password));
        let seat = self.take_seat();
        let guest = seat.map(|seat| {
            let guest = Guest::new(&self.air, seat.0, ssid, password, self.clock.now_us());
            (guest, seat)
        });
        let clock = self.clock.clone();
        self.services.spawn(async move {
            let mut visit = Visit { stream, say, to_client: Waiting::default() };
            // A client that goes away is no news.
            let _ = match guest {
                Some((guest, _seat)) => visit.serve(guest, clock).await,
                None => visit.refuse(JoinError::NoSeat).await,
            };
        });
        Ok(())
    }

    fn take_seat(&self) -> Option<Taken> {
        let mut taken = lock(&self.taken);
        let seat = GuestSeat::all().find(|seat| !taken.contains(seat))?;
        taken.insert(seat);
        Some(Taken(seat, self.taken.clone()))
    }
}

/// A client with its guest.
struct Visit {
    stream: UnixStream,
    say: Say,
    to_client: Waiting,
}

impl Visit {
    async fn serve(&mut self, mut guest: Guest, clock: Clock) -> io::Result<()> {
        let notify = Arc::new(Notify::new());
        let bell = notify.clone();
        guest.set_waker(Some(Arc::new(move || bell.notify_one())));
        let mut from_client = Vec::new();
        let mut is_in = false;
        loop {
            match guest.poll(clock.now_us()) {
                Err(why) => return self.refuse(why).await,
                Ok(None) => {}
                Ok(Some(news)) => self.tell(&guest, news, &mut is_in)?,
            }
            while let Some(frame) = guest.next_frame() {
                self.to_client.put_frame(&frame);
            }
            let wait_us = guest.next_deadline().map(|at_us| at_us.saturating_sub(clock.now_us()));
            tokio::select! {
                ready = self.stream.readable() => {
                    ready?;
                    if !read_some(&self.stream, &mut from_client)? {
                        return Ok(());
                    }
                    take_frames(&mut from_client, |frame| guest.send(frame, clock.now_us()));
                }
                ready = self.stream.writable(), if !self.to_client.is_empty() => {
                    ready?;
                    self.to_client.write_some(&self.stream)?;
                }
                () = notify.notified() => {}
                () = pause(&clock, wait_us) => {}
            }
        }
    }

    /// Says how the link is: first by a line alone, later between frames.
    fn tell(&mut self, guest: &Guest, news: LinkNews, is_in: &mut bool) -> io::Result<()> {
        let line = (self.say)(match news {
            LinkNews::Joined(addresses) => GuestNews::Joined(guest, addresses),
            LinkNews::Lost => GuestNews::Lost(guest.ssid()),
        });
        if std::mem::replace(is_in, true) {
            self.to_client.put(&LINE_FOLLOWS);
        }
        self.to_client.put(line.as_bytes());
        self.to_client.put(b"\n");
        if self.to_client.0.len() > GONE { Err(io::ErrorKind::TimedOut.into()) } else { Ok(()) }
    }

    async fn refuse(&mut self, why: JoinError) -> io::Result<()> {
        self.to_client.put((self.say)(GuestNews::Refused(why)).as_bytes());
        self.to_client.put(b"\n");
        while !self.to_client.is_empty() {
            self.stream.writable().await?;
            self.to_client.write_some(&self.stream)?;
        }
        Ok(())
    }
}

/// Waits so many microseconds, or for ever. Others get a turn even when there is no rest.
async fn pause(clock: &Clock, wait_us: Option<u64>) {
    match wait_us {
        None => std::future::pending().await,
        Some(0) => tokio::task::yield_now().await,
        Some(wait_us) => tokio::time::sleep(clock.wall(wait_us)).await,
    }
}

/// Reads what is there to the end of `into`; false at the client's end.
fn read_some(stream: &UnixStream, into: &mut Vec<u8>) -> io::Result<bool> {
    let old = into.len();
    into.resize(old + READ_MAX, 0);
    let read = stream.try_read(&mut into[old..]);
    into.truncate(old + *read.as_ref().unwrap_or(&0));
    match read {
        Err(e) if e.kind() == io::ErrorKind::WouldBlock => Ok(true),
        read => Ok(read? > 0),
    }
}

/// Takes whole frames from the start of what was read; the rest of one that is longer than any can be is read as well.
fn take_frames(read: &mut Vec<u8>, mut take: impl FnMut(&[u8])) {
    let mut rest = &read[..];
    while let Some((head, behind)) = rest.split_first_chunk::<HEAD>() {
        let length = usize::from(u16::from_be_bytes(*head));
        let Some((frame, behind)) = behind.split_at_checked(length) else { break };
        take(frame);
        rest = behind;
    }
    let done = read.len() - rest.len();
    read.drain(..done);
}

/// What waits for a client.
#[derive(Debug, Default)]
struct Waiting(VecDeque<u8>);

impl Waiting {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn put(&mut self, bytes: &[u8]) {
        self.0.extend(bytes);
    }

    /// A frame, if there is room for it.
    fn put_frame(&mut self, frame: &[u8]) {
        let Ok(length) = u16::try_from(frame.len()) else { return };
        if self.0.len() + frame.len() < WAITING_MAX {
            self.put(&length.to_be_bytes());
            self.put(frame);
        }
    }

    fn write_some(&mut self, stream: &UnixStream) -> io::Result<()> {
        let (first, _) = self.0.as_slices();
        match stream.try_write(first) {
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => Ok(()),
            written => {
                let written = written?;
                self.0.drain(..written);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_found_however_they_are_cut() {
        let all = [&[0, 3][..], b"abc", &[0, 0, 1, 4], &[7; 260], &[0, 1], b"z", &[0, 9], b"rest"];
        let all = all.concat();
        for piece in 1..all.len() {
            let (mut read, mut frames) = (Vec::new(), Vec::new());
            for bytes in all.chunks(piece) {
                read.extend(bytes);
                take_frames(&mut read, |frame| frames.push(frame.to_vec()));
            }
            assert_eq!(frames, [&b"abc"[..], b"", &[7; 260], b"z"], "{piece}");
            assert_eq!(read, [&[0, 9][..], b"rest"].concat());
        }
    }

    #[test]
    fn what_waits_for_a_client_has_a_bound_and_keeps_whole_frames() {
        let mut waiting = Waiting::default();
        (0..1000).for_each(|_| waiting.put_frame(&[1; 1514]));
        assert!(waiting.0.len() <= WAITING_MAX, "{}", waiting.0.len());
        assert_eq!(waiting.0.len() % 1516, 0);
    }
}

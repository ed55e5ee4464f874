//! A board's serial port as a raw TCP stream on this machine.

use crate::guests::Guests;
use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// Clients of one board at once.
const CLIENTS_MAX: usize = 8;
/// Writes that wait for a slow client; one that falls further behind is let go.
const QUEUE: usize = 4096;

type Clients = Arc<Mutex<HashMap<u64, (SyncSender<Vec<u8>>, TcpStream)>>>;
type Input = Arc<dyn Fn(&[u8]) + Send + Sync>;

/// A listening port for a board.
#[derive(Debug)]
pub struct TcpPort {
    address: SocketAddr,
    clients: Clients,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// Sends a board's output to all clients.
#[derive(Clone, Debug)]
pub struct TcpWriter {
    clients: Clients,
}

fn lock(clients: &Clients) -> MutexGuard<'_, HashMap<u64, (SyncSender<Vec<u8>>, TcpStream)>> {
    clients.lock().unwrap_or_else(PoisonError::into_inner)
}

impl TcpPort {
    /// Listens on a free port of the loopback address. Each client is one of the `guests`.
    ///
    /// # Errors
    /// If no port is free.
    pub fn open(guests: Guests, input: impl Fn(&[u8]) + Send + Sync + 'static) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let clients = Clients::default();
        let stop = Arc::new(AtomicBool::new(false));
        let (shared, stopped, input) = (clients.clone(), stop.clone(), Arc::new(input) as Input);
        let thread = std::thread::Builder::new().name("tcp".into()).spawn(move || {
            for (id, stream) in (0u64..).zip(listener.incoming()) {
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                if let Ok(stream) = stream {
                    // A client that cannot be served is dropped; others go on.
                    let _ = admit(id, stream, &shared, &guests, &input);
                }
            }
        })?;
        Ok(Self { address, clients, stop, thread: Some(thread) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Something that writes to all clients.
    pub fn writer(&self) -> TcpWriter {
        TcpWriter { clients: self.clients.clone() }
    }
}

impl Drop for TcpPort {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for (_, stream) in lock(&self.clients).drain().map(|c| c.1) {
            let _ = stream.shutdown(Shutdown::Both);
        }
        // Wakes the listener up, so that it sees the flag.
        let _ = TcpStream::connect(self.address);
        if let Some(t) = self.thread.take() {
            let _ = t.join();
        }
    }
}

impl TcpWriter {
    /// Sends bytes to every client.
    pub fn write(&self, bytes: &[u8]) {
        let mut clients = lock(&self.clients);
        clients.retain(|_, (queue, stream)| match queue.try_send(bytes.to_vec()) {
            Ok(()) => true,
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {
                let _ = stream.shutdown(Shutdown::Both);
                false
            }
        });
    }
}

fn admit(
    id: u64,
    stream: TcpStream,
    clients: &Clients,
    guests: &Guests,
    input: &Input,
) -> io::Result<()> {
    if lock(clients).len() >= CLIENTS_MAX {
        return stream.shutdown(Shutdown::Both);
    }
    stream.set_nodelay(true)?;
    let (mut reader, mut writer) = (stream.try_clone()?, stream.try_clone()?);
    let (queue, outbox) = sync_channel::<Vec<u8>>(QUEUE);
    lock(clients).insert(id, (queue, stream));
    std::thread::Builder::new().name("tcp write".into()).spawn(move || {
        for bytes in outbox {
            if writer.write_all(&bytes).is_err() {
                return;
            }
        }
    })?;
    let (clients, input) = (clients.clone(), input.clone());
    let guest = guests.enter();
    std::thread::Builder::new().name("tcp read".into()).spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(n) = reader.read(&mut buffer) {
            if n == 0 {
                break;
            }
            input(&buffer[..n]);
        }
        lock(&clients).remove(&id);
        drop(guest);
    })?;
    Ok(())
}

//! A port of the host that leads to a port of a board: each connection goes through the air, in the lab's time.

use super::behind::Behind;
use super::{Clock, ServiceIo};
use crate::air::Air;
use crate::frame::Mac;
use crate::services::tcp::ServiceStream;
use std::io;
use std::net::SocketAddrV4;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// Connections that one forwarded port has at one time: as many as a board can have at all.
const CONNECTIONS_MAX: usize = 16;
/// A client that was refused has so long to read why.
const FAREWELL: Duration = Duration::from_secs(2);

/// A way from the host to a port of a board.
#[derive(Clone)]
pub struct Forward {
    /// The air in which the board is.
    pub air: Air,
    /// The lab's clock.
    pub clock: Clock,
    /// The board.
    pub board: Mac,
    /// The board's own access point, by which it is reached where it is not in the workshop's network, or refuses there.
    pub access_point: Option<Mac>,
    /// Its port.
    pub port: u16,
    /// What a client is told in its protocol when the board cannot be reached: given a reason.
    pub refusal: Arc<dyn Fn(Refused) -> Vec<u8> + Send + Sync>,
}

/// Why a connection was not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The board is not on the network.
    NoNetwork,
    /// The board is there, and nothing listens at the port.
    NotListening,
    /// There are as many connections as there can be.
    Busy,
}

impl std::fmt::Debug for Forward {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Forward")
            .field("board", &self.board)
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

impl Forward {
    /// Takes connections for ever.
    pub async fn run(self, listener: TcpListener) {
        let seats = Arc::new(Semaphore::new(CONNECTIONS_MAX));
        let behind = Behind::default();
        loop {
            let Ok((client, _)) = listener.accept().await else {
                // No file left for another connection: there may be one later.
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            };
            let seat = seats.clone().try_acquire_owned().ok();
            let (forward, behind) = (self.clone(), behind.clone());
            tokio::spawn(async move {
                // A client or a board that goes away in the middle is no news.
                let _ = match &seat {
                    Some(_) => forward.connect(client, &behind).await,
                    None => forward.refuse(client, Refused::Busy).await,
                };
                drop(seat);
            });
        }
    }

    async fn connect(&self, client: TcpStream, behind: &Behind) -> io::Result<()> {
        client.set_nodelay(true)?;
        let stream = match self.reach(behind).await {
            Ok(stream) => stream,
            Err(why) => return self.refuse(client, why).await,
        };
        copy_bidirectional(&mut Prompt(client), &mut ServiceIo::from(stream)).await?;
        Ok(())
    }

    /// A connection that stands.
    async fn reach(&self, behind: &Behind) -> Result<ServiceStream, Refused> {
        let board = self.air.address_of(self.board).map(|ip| SocketAddrV4::new(ip, self.port));
        let stream = board.and_then(|at| self.air.connect_board(at, self.clock.now_us()));
        let mut why = Refused::NoNetwork;
        if let Some(stream) = stream {
            if stands(&stream).await {
                return Ok(stream);
            }
            why = Refused::NotListening;
        }
        let Some(access_point) = self.access_point else { return Err(why) };
        // It may go by another address than the factory's.
        let access_point = self.air.owners().access_point_of(self.board).unwrap_or(access_point);
        let way = (&self.air, &self.clock);
        let Some(stream) = behind.connect(way, access_point, self.port).await else {
            return Err(why);
        };
        if stands(&stream).await { Ok(stream) } else { Err(Refused::NotListening) }
    }

    async fn refuse(&self, mut client: TcpStream, why: Refused) -> io::Result<()> {
        client.write_all(&(self.refusal)(why)).await?;
        client.shutdown().await?;
        // Closed with something unread, the connection would be reset and the words with it.
        let mut rest = [0; 4096];
        let read_all = async { while client.read(&mut rest).await.is_ok_and(|n| n > 0) {} };
        let _ = tokio::time::timeout(FAREWELL, read_all).await;
        Ok(())
    }
}

async fn stands(stream: &ServiceStream) -> bool {
    std::future::poll_fn(|cx| stream.poll_stands(cx)).await.is_ok()
}

/// A client whose bytes are acknowledged at once. The usual clients of WebREPL send a request in two pieces, and
/// their system keeps the second until the first is acknowledged, which by itself takes 40 ms.
struct Prompt(TcpStream);

impl AsyncRead for Prompt {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.0).poll_read(cx, into);
        #[cfg(target_os = "linux")]
        if read.is_ready() {
            // It holds for once only; where it is refused the client waits.
            let _ = self.0.set_quickack(true);
        }
        read
    }
}

impl AsyncWrite for Prompt {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

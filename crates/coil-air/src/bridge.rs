//! The one place where the air meets the host: a tokio task that runs the gateway in real time, and streams of boards' connections
//! as tokio's readers and writers, ports of the host that lead to boards, TLS at ports of the host, processes of the host that are stations, and what boards
//! want of the host's network, as far as that is open. Nothing else in this crate knows tokio.

mod behind;
mod call;
mod forward;
mod guests;
mod outside;
mod secure;

pub use call::{Io, connect, connect_outside};
pub use forward::{Forward, Refused};
pub use guests::{GuestNews, Guests, Say};
pub use secure::{Secure, TlsStream};

use crate::air::Air;
use crate::services::tcp::ServiceStream;
use outside::Outside;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Notify;

/// How the lab's time goes. A function that tells the microseconds since its moment 0 is a time that goes as the wall's does.
pub trait Time: Send + Sync {
    /// Microseconds since the lab's moment 0.
    fn now_us(&self) -> u64;

    /// How long so many microseconds of it take on the wall; less if that may change meanwhile.
    fn wall(&self, us: u64) -> Duration {
        Duration::from_micros(us)
    }
}

impl<F: Fn() -> u64 + Send + Sync> Time for F {
    fn now_us(&self) -> u64 {
        self()
    }
}

/// The lab's clock.
pub type Clock = Arc<dyn Time>;

/// One connection of a board to a service, for tokio.
#[derive(Debug)]
pub struct ServiceIo {
    stream: ServiceStream,
}

impl ServiceIo {
    /// The host that the board meant, its port, the board's end, and the rest that is known.
    pub fn stream(&self) -> &ServiceStream {
        &self.stream
    }
}

impl From<ServiceStream> for ServiceIo {
    fn from(stream: ServiceStream) -> Self {
        Self { stream }
    }
}

impl AsyncRead for ServiceIo {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if buffer.remaining() == 0 {
            return Poll::Ready(Ok(()));
        }
        self.stream
            .poll_read(cx, buffer.initialize_unfilled())
            .map_ok(|length| buffer.advance(length))
    }
}

impl AsyncWrite for ServiceIo {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.stream.poll_write(cx, data)
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        // What was written is on its way already.
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream.shutdown();
        Poll::Ready(Ok(()))
    }
}

/// Runs the gateway for ever, by `clock`, and calls `serve` with every connection to a service. Spawn it once per air; it takes the
/// air's waker. `serve` must not wait: spawn a task for the stream.
pub async fn run(air: Air, clock: Clock, mut serve: impl FnMut(ServiceIo)) {
    let notify = Arc::new(Notify::new());
    let bell = notify.clone();
    air.set_waker(Some(Arc::new(move || bell.notify_one())));
    let mut outside = Outside::new(air.clone(), clock.clone());
    loop {
        air.poll(clock.now_us());
        outside.serve();
        while let Some(stream) = air.accept_service() {
            serve(stream.into());
        }
        match air.next_deadline().map(|at_us| at_us.saturating_sub(clock.now_us())) {
            None => notify.notified().await,
            // Others get a turn even when the gateway never rests.
            Some(0) => tokio::task::yield_now().await,
            Some(wait_us) => {
                let _ = tokio::time::timeout(clock.wall(wait_us), notify.notified()).await;
            }
        }
    }
}

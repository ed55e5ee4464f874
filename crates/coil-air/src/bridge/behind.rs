//! Streams to a board behind its own access point: one visitor for all clients of a port, which joins when it is needed and leaves
//! when it has been of no use for a while.

use super::Clock;
use crate::air::Air;
use crate::frame::Mac;
use crate::services::tcp::ServiceStream;
use crate::visitor::Visitor;
use std::sync::Arc;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::{Mutex, Notify, oneshot};

/// Clients that wait for it at one time.
const WAITING: usize = 16;
/// How long joining may take, in microseconds.
const JOIN_MAX_US: u64 = 15_000_000;
/// How long it stays after the last connection, in microseconds.
const STAY_US: u64 = 60_000_000;

type Asked = oneshot::Sender<ServiceStream>;

/// The way to one port of a board behind its access point. Copies are the same way.
#[derive(Clone, Default)]
pub(super) struct Behind(Arc<Mutex<Option<Sender<Asked>>>>);

impl Behind {
    /// A connection that is being made to `port` of the board whose access point has this hardware address; nothing if that is not
    /// on the air, or cannot be joined.
    pub(super) async fn connect(
        &self,
        (air, clock): (&Air, &Clock),
        access_point: Mac,
        port: u16,
    ) -> Option<ServiceStream> {
        // It may have left in the same moment.
        for _ in 0..2 {
            air.board_access_point(access_point)?;
            let visitor = {
                let mut place = self.0.lock().await;
                match place.as_ref().filter(|visitor| !visitor.is_closed()) {
                    Some(visitor) => visitor.clone(),
                    None => {
                        let (visitor, asked) = channel(WAITING);
                        tokio::spawn(visit(air.clone(), clock.clone(), access_point, port, asked));
                        place.insert(visitor).clone()
                    }
                }
            };
            let (answer, answered) = oneshot::channel();
            if visitor.send(answer).await.is_ok()
                && let Ok(stream) = answered.await
            {
                return Some(stream);
            }
        }
        None
    }
}

async fn visit(air: Air, clock: Clock, access_point: Mac, port: u16, mut asked: Receiver<Asked>) {
    let Some(ap) = air.board_access_point(access_point) else { return };
    let notify = Arc::new(Notify::new());
    let bell = notify.clone();
    let began_us = clock.now_us();
    let mut visitor =
        Visitor::new(&air, (&ap, port), began_us, Arc::new(move || bell.notify_one()));
    let (mut waiting, mut was_in, mut used_us) = (Vec::<Asked>::new(), false, began_us);
    loop {
        let now_us = clock.now_us();
        visitor.poll(now_us);
        if visitor.is_in() && !waiting.is_empty() {
            for answer in waiting.drain(..) {
                // Without a stream the client hears that the answer is dropped; one that went away does not want it.
                if let Some(stream) = visitor.dial() {
                    let _ = answer.send(stream);
                }
            }
            visitor.poll(now_us);
        }
        was_in |= visitor.is_in();
        if visitor.is_busy() {
            used_us = now_us;
        }
        let has_left = was_in && !visitor.is_in();
        if has_left || now_us >= used_us + if was_in { STAY_US } else { JOIN_MAX_US } {
            return;
        }
        let until_us = visitor.next_deadline().unwrap_or(u64::MAX).min(used_us + STAY_US);
        let wait = clock.wall(until_us.saturating_sub(now_us));
        tokio::select! {
            () = notify.notified() => {}
            // At least a turn of the others.
            () = tokio::time::sleep(wait) => {}
            one = asked.recv() => match one {
                Some(one) => waiting.push(one),
                None => return,
            },
        }
    }
}

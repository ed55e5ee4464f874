//! The lab's stream of events as a WebSocket.
//!
//! A client's message is a line of the lab's door: a filter, which replaces the one before, or something that is to be
//! done. Messages to the client hold whole lines: answers, and events of the filter that is in force. A client that
//! reads slowly slows nobody; it is told what it missed.

use crate::Studio;
use axum::extract::State;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use coil_lab::events::{Answer, Filter, REQUEST_MAX, Request, Subscription};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::mpsc::{Sender, channel};

/// Clients at a time.
pub(crate) const READERS_MAX: usize = 64;
/// Events that wait for a client.
const WAITING: usize = 1 << 16;
/// Bytes of lines that go into one message, about.
const MESSAGE: usize = 1 << 16;
/// Messages that wait for a client's connection.
const MESSAGES: usize = 4;
/// How often an idle follower looks whether it is still wanted.
const LOOK: Duration = Duration::from_millis(250);
/// How often a client is asked whether it is there.
const PING: Duration = Duration::from_secs(20);
/// A client that takes nothing for so long has gone.
const PATIENCE: Duration = Duration::from_secs(60);

/// `GET /api/events`
pub(crate) async fn open(State(studio): State<Studio>, upgrade: WebSocketUpgrade) -> Response {
    let Ok(place) = studio.0.readers.clone().try_acquire_owned() else {
        let busy = format!("{READERS_MAX} others read already; close one of them\n");
        return (StatusCode::SERVICE_UNAVAILABLE, busy).into_response();
    };
    upgrade.max_message_size(REQUEST_MAX).max_frame_size(REQUEST_MAX).on_upgrade(
        |socket| async move {
            attend(socket, &studio).await;
            drop(place);
        },
    )
}

/// Lines of a filter; those of an earlier one are of no use any more.
struct Lines {
    of: u64,
    text: String,
}

/// A thread that waits for events; it ends when this is dropped.
struct Follower(Arc<AtomicBool>);

impl Drop for Follower {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

impl Follower {
    fn start(of: u64, from: Subscription, out: Sender<Lines>) -> std::io::Result<Self> {
        let is_over = Arc::new(AtomicBool::new(false));
        let over = is_over.clone();
        std::thread::Builder::new().name("events page".into()).spawn(move || {
            while !over.load(Ordering::Acquire) && !out.is_closed() {
                let mut next = from.next(LOOK);
                let mut text = Vec::new();
                while let Some(batch) = next {
                    // Memory takes everything.
                    let _ = batch.write_lines(&mut text);
                    next = if text.len() < MESSAGE { from.next(Duration::ZERO) } else { None };
                }
                let text = String::from_utf8_lossy(&text).into_owned();
                if !text.is_empty() && out.blocking_send(Lines { of, text }).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self(is_over))
    }
}

async fn attend(mut socket: WebSocket, studio: &Studio) {
    let (out, mut lines) = channel(MESSAGES);
    let mut follower = None;
    let mut filters = 0;
    let mut ping = tokio::time::interval(PING);
    loop {
        let message = tokio::select! {
            came = socket.recv() => match came {
                Some(Ok(Message::Text(text))) => {
                    let answer = match serde_json::from_str(&text) {
                        Ok(Request::Follow(filter)) => {
                            let started = follow(studio, filter, filters + 1, &out);
                            let started = started.map(|started| {
                                filters += 1;
                                follower = Some(started);
                            });
                            started.into()
                        }
                        Ok(request) => studio.0.lab.hands.answer(&request),
                        Err(_) => Answer::Error("the message is neither a filter nor something to be done".into()),
                    };
                    text_of(&answer)
                }
                Some(Ok(Message::Binary(_))) => {
                    text_of(&Answer::Error("messages are text".into()))
                }
                Some(Ok(_)) => continue,
                Some(Err(_)) | None => break,
            },
            Some(Lines { of, text }) = lines.recv() => {
                if of != filters {
                    continue;
                }
                Message::Text(text.into())
            }
            _ = ping.tick() => Message::Ping(Default::default()),
        };
        match tokio::time::timeout(PATIENCE, socket.send(message)).await {
            Ok(Ok(())) => {}
            _ => break,
        }
    }
    drop(follower);
}

fn follow(
    studio: &Studio,
    filter: Filter,
    number: u64,
    out: &Sender<Lines>,
) -> Result<Follower, String> {
    let filter = filter.checked().map_err(|e| e.to_string())?;
    let subscription = studio.0.lab.events.subscribe(filter, WAITING);
    Follower::start(number, subscription, out.clone())
        .map_err(|e| format!("no thread can be had for it: {e}"))
}

fn text_of(answer: &Answer) -> Message {
    let mut line = serde_json::to_string(answer).expect("an answer is plain data");
    line.push('\n');
    Message::Text(Utf8Bytes::from(line))
}

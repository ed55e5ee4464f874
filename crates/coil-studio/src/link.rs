//! A board's link to a tab: a WebSocket whose binary messages are the console's bytes, and whose text messages are requests, answers and news.
//!
//! A tab that reads slowly loses the oldest output and is told how much; it slows nobody.

mod message;

use crate::{Studio, circuits};
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use coil_link::host::{News, Session};
use message::{Asked, answer, error, read, state};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::{Notify, Semaphore, watch};
use tokio::time::{Instant, MissedTickBehavior};

/// Links at a time.
pub(crate) const LINKS_MAX: usize = 64;
/// Requests of one tab that may be under way.
const REQUESTS: usize = 16;
/// Bytes of a message: the largest file, in base64, and what is around it.
const MESSAGE_MAX: usize = (coil_link::host::FILE_MAX / 3 + 1) * 4 + 4096;
/// How often a tab is asked whether it is there.
const PING: Duration = Duration::from_secs(20);
/// Bytes of output that a tab gets in a second: more than anybody reads, and less than keeps a browser busy. What is beyond it waits, and the
/// oldest of it is lost.
const PACE: u32 = 2 << 20;
/// A rest that is worth one: some kilobytes of output.
const REST_MIN: Duration = Duration::from_millis(4);
/// How often a tab is told at most that it lost something: each message costs a browser memory.
const GAPS_APART: Duration = Duration::from_millis(250);
/// A tab that takes nothing for so long has gone.
const PATIENCE: Duration = Duration::from_secs(60);

/// `GET /api/boards/{name}/link`
pub(crate) async fn open(
    State(studio): State<Studio>,
    Path(name): Path<String>,
    upgrade: WebSocketUpgrade,
) -> Response {
    let session = match studio.0.desk.session(&name) {
        Ok(Some(session)) => session,
        Ok(None) => {
            let missing =
                format!("There is no board `{name}` here; /api/boards tells which are.\n");
            return (StatusCode::NOT_FOUND, missing).into_response();
        }
        Err(why) => return (StatusCode::SERVICE_UNAVAILABLE, why).into_response(),
    };
    let Ok(place) = studio.0.links.clone().try_acquire_owned() else {
        let busy = format!("{LINKS_MAX} tabs are open already; close one of them\n");
        return (StatusCode::SERVICE_UNAVAILABLE, busy).into_response();
    };
    let upgrade = upgrade.max_message_size(MESSAGE_MAX).max_frame_size(MESSAGE_MAX);
    let name: Arc<str> = name.into();
    let circuit = circuits::watch(&studio, &name).await;
    upgrade.on_upgrade(|socket| async move {
        Link::new(socket, session, (studio, name, circuit)).attend().await;
        drop(place);
    })
}

/// One tab and one board.
struct Link {
    socket: WebSocket,
    session: Arc<Session>,
    /// Answers, which come on the session's thread.
    answers: Receiver<String>,
    to_answer: Sender<String>,
    places: Arc<Semaphore>,
    /// The board, and the versions of its circuit if it has one here.
    studio: Studio,
    name: Arc<str>,
    circuit: Option<watch::Receiver<Option<String>>>,
}

/// What a link is to know of a board: whose it is, its name, and the versions of its circuit.
type Board = (Studio, Arc<str>, Option<watch::Receiver<Option<String>>>);

impl Link {
    fn new(socket: WebSocket, session: Arc<Session>, (studio, name, circuit): Board) -> Self {
        let (to_answer, answers) = channel(REQUESTS);
        let places = Arc::new(Semaphore::new(REQUESTS));
        Self { socket, session, answers, to_answer, places, studio, name, circuit }
    }

    /// Until the tab has gone.
    async fn attend(mut self) {
        let bell = Arc::new(Notify::new());
        let listener = {
            let bell = bell.clone();
            self.session.subscribe(move || bell.notify_one())
        };
        let mut times = self.studio.0.times.subscribe();
        // How it goes is news to a tab that has just come.
        times.mark_changed();
        let mut ping = tokio::time::interval(PING);
        let mut look = tokio::time::interval(circuits::LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // What was said before it came waits already.
        bell.notify_one();
        let mut pacing = Pacing::default();
        let mut gaps = tokio::time::interval(GAPS_APART);
        gaps.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut missed = 0;
        loop {
            let message = tokio::select! {
                came = self.socket.recv() => match came {
                    Some(Ok(Message::Text(text))) => match self.take(&text) {
                        Some(answer) => Message::Text(answer.into()),
                        None => continue,
                    },
                    Some(Ok(Message::Binary(typed))) => {
                        if self.session.type_in(&typed) {
                            continue;
                        }
                        Message::Text(json!({ "refused": typed.len() }).to_string().into())
                    }
                    Some(Ok(_)) => continue,
                    Some(Err(_)) | None => return,
                },
                Some(answer) = self.answers.recv() => Message::Text(answer.into()),
                () = pacing.rest() => {
                    pacing.rests_until = None;
                    continue;
                }
                () = bell.notified(), if pacing.rests_until.is_none() => match listener.take() {
                    None => continue,
                    Some(news) => {
                        // There may be more.
                        bell.notify_one();
                        match news {
                            News::Missed(bytes) => {
                                missed += bytes;
                                continue;
                            }
                            News::State(how) => Message::Text(state(&how).to_string().into()),
                            News::Output(bytes) => {
                                pacing.count(bytes.len());
                                Message::Binary(bytes.into())
                            }
                        }
                    }
                },
                _ = gaps.tick(), if missed > 0 => lost(std::mem::take(&mut missed)),
                Some(version) = changed(&mut self.circuit) => {
                    Message::Text(json!({ "circuit": version }).to_string().into())
                }
                _ = look.tick(), if self.circuit.is_some() => {
                    circuits::look(&self.studio, &self.name).await;
                    continue;
                }
                Ok(()) = times.changed() => match *times.borrow_and_update() {
                    None => continue,
                    Some(time) => {
                        let time = crate::time::json_of(&self.studio, time);
                        Message::Text(json!({ "time": time }).to_string().into())
                    }
                },
                _ = ping.tick() => Message::Ping(Default::default()),
            };
            match tokio::time::timeout(PATIENCE, self.socket.send(message)).await {
                Ok(Ok(())) => {}
                _ => return,
            }
        }
    }

    /// Takes a request; what is answered at once.
    fn take(&self, text: &str) -> Option<String> {
        let Asked { id, request } = match read(text) {
            Ok(asked) => asked,
            Err((id, why)) => return Some(error(&id, &why, false)),
        };
        let Ok(place) = self.places.clone().try_acquire_owned() else {
            let why = format!("{REQUESTS} requests are under way already; wait for some of them");
            return Some(error(&id, &why, false));
        };
        let out = self.to_answer.clone();
        self.session.request(request, move |done| {
            // There is room for as many answers as there are places, unless the tab has gone.
            let _ = out.try_send(answer(&id, done));
            drop(place);
        });
        None
    }
}

/// The next version of a circuit, when it comes; where there is no circuit, or will be none any more, nothing does.
async fn changed(circuit: &mut Option<watch::Receiver<Option<String>>>) -> Option<Option<String>> {
    let circuit = circuit.as_mut()?;
    circuit.changed().await.ok()?;
    Some(circuit.borrow_and_update().clone())
}

/// The rests between pieces of output that keep a tab at its pace.
#[derive(Default)]
struct Pacing {
    /// What is too short for a rest.
    owed: Duration,
    rests_until: Option<Instant>,
}

impl Pacing {
    /// So many bytes go out: a rest begins, if it is worth one. What people read as it comes goes out as it comes.
    fn count(&mut self, bytes: usize) {
        self.owed += Duration::from_secs(1) * bytes as u32 / PACE;
        if self.owed >= REST_MIN {
            self.rests_until = Some(Instant::now() + std::mem::take(&mut self.owed));
        }
    }

    /// Until the rest is over; if there is none, for ever.
    async fn rest(&self) {
        match self.rests_until {
            Some(at) => tokio::time::sleep_until(at).await,
            None => std::future::pending().await,
        }
    }
}

fn lost(bytes: u64) -> Message {
    Message::Text(json!({ "missed": bytes }).to_string().into())
}

//! The page's server: what a browser on this machine sees of a running lab, and does to it.
//!
//! `/` is the page, `/api/boards` tells where the boards are, `/api/events` is the lab's stream of events as a
//! WebSocket, `/api/boards/NAME/link` a board's prompt, programs and files, `/api/programs` the lab's own. Knows no board from inside: it hands on what the lab tells, and
//! speaks to boards as tools do.

mod air;
mod calls;
mod circuits;
mod cloud;
mod desk;
mod door;
mod guard;
mod lab;
mod lessons;
mod link;
mod look;
mod names;
mod packed;
mod page;
mod programs;
mod stream;
mod tag;
mod time;

pub use cloud::CloudAtHand;
pub use door::{Password, PasswordError};
pub use lab::{Lab, OnAir, RealBoard};
pub use programs::Programs;

use axum::extract::{DefaultBodyLimit, State};
use axum::response::Json;
use axum::routing::{get, post};
use axum::{Extension, Router};
use circuits::Boards;
use coil_lab::TimeIs;
use door::Door;
use guard::{Guard, Peer};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

/// Connections at a time; a browser opens six for a tab. More wait.
const CONNECTIONS: usize = 256;
/// Bytes of a request's head.
const HEAD_BYTES: usize = 16 * 1024;
/// How long a request's head may take to arrive.
const HEAD_PATIENCE: Duration = Duration::from_secs(10);

/// What is shown. Copies show the same.
#[derive(Clone)]
pub struct Studio(Arc<Shown>);

struct Shown {
    lab: Lab,
    /// Places for readers of the stream.
    readers: Arc<Semaphore>,
    /// Sessions with boards.
    desk: desk::Desk,
    /// Places for tabs at boards.
    links: Arc<Semaphore>,
    /// The circuits of the lab's boards.
    circuits: Boards,
    /// Places for those who listen for changes of programs.
    watchers: Arc<Semaphore>,
    /// Places for programs that are checked.
    checks: Arc<Semaphore>,
    /// Places for those who look at boards.
    looks: Arc<Semaphore>,
    /// How time goes, once somebody has steered it.
    times: watch::Sender<Option<TimeIs>>,
    /// What firmwares know, once it was asked for.
    names: names::Known,
}

/// Those who look at boards at a time.
const LOOKS: usize = 16;

impl std::fmt::Debug for Studio {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Studio").field("boards", &self.0.lab.boards).finish_non_exhaustive()
    }
}

impl Studio {
    /// One for a lab.
    pub fn new(mut lab: Lab) -> Self {
        let shown = Shown {
            readers: Arc::new(Semaphore::new(stream::READERS_MAX)),
            desk: desk::Desk::new(&lab.boards, &lab.real),
            links: Arc::new(Semaphore::new(link::LINKS_MAX)),
            circuits: lab.circuits.take().map(Boards::new).unwrap_or_default(),
            watchers: Arc::new(Semaphore::new(programs::routes::WATCHERS_MAX)),
            checks: Arc::new(Semaphore::new(calls::CHECKS)),
            looks: Arc::new(Semaphore::new(LOOKS)),
            times: watch::Sender::new(None),
            names: names::Known::default(),
            lab,
        };
        Self(Arc::new(shown))
    }

    /// All of it as one service, for browsers that reach this machine at this port.
    fn router(&self, port: u16) -> Router {
        let door = self.0.lab.password.as_ref().map(|password| Arc::new(Door::new(password)));
        let guard = Guard { port, door };
        Router::new()
            .route("/", get(page::index))
            .route("/{file}", get(page::file))
            .route("/assets/{file}", get(page::asset))
            .route("/read/{*path}", get(lessons::read))
            .route("/api/boards", get(boards))
            .route("/api/devices/{name}", get(circuits::device))
            .route("/api/parts", get(circuits::parts))
            .route("/api/boards/{name}/link", get(link::open))
            .route("/api/boards/{name}/look", get(look::look))
            .route("/api/events", get(stream::open))
            .merge(calls())
            .layer(axum::middleware::from_fn_with_state(guard, guard::check))
            .with_state(self.clone())
    }

    /// Serves it as long as the process runs: to browsers on this machine, and to those on others that know the lab's password, where it
    /// has one.
    ///
    /// # Errors
    /// If the listener has no address.
    pub async fn serve(self, listener: TcpListener) -> std::io::Result<()> {
        let router = self.router(listener.local_addr()?.port());
        let places = Arc::new(Semaphore::new(CONNECTIONS));
        loop {
            // It is never closed, so there is a place in time.
            let place = places.clone().acquire_owned().await;
            let Ok((stream, peer)) = listener.accept().await else {
                // Out of descriptors, or a client that left at once: others are still served.
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            };
            // Small answers go out at once; a failure only makes them slower.
            let _ = stream.set_nodelay(true);
            let service =
                TowerToHyperService::new(router.clone().layer(Extension(Peer(peer.ip()))));
            tokio::spawn(async move {
                let _place = place;
                // The client has gone, which is its right.
                let _ = http1::Builder::new()
                    .max_buf_size(HEAD_BYTES)
                    .timer(TokioTimer::new())
                    .header_read_timeout(HEAD_PATIENCE)
                    .serve_connection(TokioIo::new(stream), service)
                    .with_upgrades()
                    .await;
            });
        }
    }
}

/// What is called, and how long a call may be.
fn calls() -> Router<Studio> {
    let program = get(programs::routes::read)
        .put(programs::routes::write)
        .delete(programs::routes::remove)
        .post(programs::routes::rename);
    let short = Router::new()
        .route("/api/check", post(calls::check))
        .route("/api/explain", post(calls::explain_text))
        .route("/api/time", get(time::told).post(time::steer))
        .route("/api/air", get(air::told).post(air::change))
        .layer(DefaultBodyLimit::max(calls::CALL_MAX));
    let circuit = Router::new()
        .route("/api/boards/{name}/circuit", get(circuits::read).put(circuits::write))
        .layer(DefaultBodyLimit::max(circuits::CIRCUIT_MAX));
    Router::new()
        .route("/api/programs", get(programs::routes::list))
        .route("/api/programs/{*path}", program)
        .route("/api/programs-changes", get(programs::routes::changes))
        .route("/api/programs-history/{*path}", get(programs::routes::history))
        .route("/api/cloud", get(cloud::devices))
        .route("/api/cloud/values", get(cloud::values))
        .route("/api/cloud/log", get(cloud::log))
        .route("/api/names", get(names::names))
        .layer(DefaultBodyLimit::max(programs::PROGRAM_MAX))
        .merge(short)
        .merge(circuit)
        .layer(axum::middleware::from_fn(calls::check_call))
}

/// `GET /api/boards`: as `coil status --json` tells them, and those on the table, whose type nobody knows.
async fn boards(State(studio): State<Studio>) -> Json<Vec<Value>> {
    let own = studio.0.lab.boards.iter().map(|board| json!(board));
    let real = studio.0.lab.real.iter();
    let real = real.map(|b| json!({ "name": b.name, "device": b.device.to_string() }));
    Json(own.chain(real).collect())
}

//! The page's server: what a browser on this machine sees of a running lab, and does to it.
//!
//! `/` is the page, `/api/boards` tells where the boards are, `/api/events` is the lab's stream of events as a
//! WebSocket, `/api/boards/NAME/link` a board's prompt, programs and files, `/api/programs` the lab's own. Knows no board from inside: it hands on what the lab tells, and
//! speaks to boards as tools do.

mod calls;
mod circuits;
mod desk;
mod guard;
mod link;
mod page;
mod programs;
mod stream;
mod tag;

pub use programs::Programs;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::response::Json;
use axum::routing::{get, post};
use circuits::Boards;
use coil_lab::events::{Events, Hands};
use coil_lab::{BoardStatus, Circuits};
use coil_link::host::Address;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// Connections at a time; a browser opens six for a tab. More wait.
const CONNECTIONS: usize = 256;
/// Bytes of a request's head.
const HEAD_BYTES: usize = 16 * 1024;
/// How long a request's head may take to arrive.
const HEAD_PATIENCE: Duration = Duration::from_secs(10);

/// A board that is none of the lab's own: one on the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RealBoard {
    /// How it is called here.
    pub name: String,
    /// Where it is.
    pub device: Address,
}

/// What is shown. Copies show the same.
#[derive(Clone)]
pub struct Studio(Arc<Shown>);

struct Shown {
    boards: Vec<BoardStatus>,
    real: Vec<RealBoard>,
    events: Events,
    hands: Hands,
    /// Places for readers of the stream.
    readers: Arc<Semaphore>,
    /// Sessions with boards.
    desk: desk::Desk,
    /// Places for tabs at boards.
    links: Arc<Semaphore>,
    /// The circuits of the lab's boards.
    circuits: Boards,
    /// The lab's programs, if it has a folder of them.
    programs: Option<Arc<Programs>>,
    /// Places for those who listen for their changes.
    watchers: Arc<Semaphore>,
    /// Places for programs that are checked.
    checks: Arc<Semaphore>,
}

impl std::fmt::Debug for Studio {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Studio").field("boards", &self.0.boards).finish_non_exhaustive()
    }
}

impl Studio {
    /// One for a lab's boards and those on the table, its programs, its stream, and who does what is asked for.
    pub fn new(
        boards: Vec<BoardStatus>,
        real: Vec<RealBoard>,
        programs: Option<Programs>,
        events: Events,
        hands: Hands,
    ) -> Self {
        let readers = Arc::new(Semaphore::new(stream::READERS_MAX));
        let desk = desk::Desk::new(&boards, &real);
        let links = Arc::new(Semaphore::new(link::LINKS_MAX));
        let watchers = Arc::new(Semaphore::new(programs::routes::WATCHERS_MAX));
        let checks = Arc::new(Semaphore::new(calls::CHECKS));
        let programs = programs.map(Arc::new);
        let shown = Shown {
            boards,
            real,
            events,
            hands,
            readers,
            desk,
            links,
            circuits: Boards::default(),
            programs,
            watchers,
            checks,
        };
        Self(Arc::new(shown))
    }

    /// And the circuits of these boards, which can be changed here. Nobody shares it yet.
    #[must_use]
    pub fn with_circuits(mut self, circuits: Circuits) -> Self {
        if let Some(shown) = Arc::get_mut(&mut self.0) {
            shown.circuits = Boards::new(circuits);
        }
        self
    }

    /// All of it as one service, for browsers that reach this machine at this port.
    pub fn router(&self, port: u16) -> Router {
        Router::new()
            .route("/", get(page::index))
            .route("/{file}", get(page::file))
            .route("/assets/{file}", get(page::asset))
            .route("/api/boards", get(boards))
            .route("/api/devices/{name}", get(circuits::device))
            .route("/api/parts", get(circuits::parts))
            .route("/api/boards/{name}/link", get(link::open))
            .route("/api/events", get(stream::open))
            .merge(calls())
            .layer(axum::middleware::from_fn_with_state(port, guard::check))
            .with_state(self.clone())
    }

    /// Serves it to browsers on this machine, as long as the process runs.
    ///
    /// # Errors
    /// If the listener has no address.
    pub async fn serve(self, listener: TcpListener) -> std::io::Result<()> {
        let router = self.router(listener.local_addr()?.port());
        let places = Arc::new(Semaphore::new(CONNECTIONS));
        loop {
            // It is never closed, so there is a place in time.
            let place = places.clone().acquire_owned().await;
            let Ok((stream, _)) = listener.accept().await else {
                // Out of descriptors, or a client that left at once: others are still served.
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            };
            // Small answers go out at once; a failure only makes them slower.
            let _ = stream.set_nodelay(true);
            let service = TowerToHyperService::new(router.clone());
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
        .layer(DefaultBodyLimit::max(calls::CALL_MAX));
    let circuit = Router::new()
        .route("/api/boards/{name}/circuit", get(circuits::read).put(circuits::write))
        .layer(DefaultBodyLimit::max(circuits::CIRCUIT_MAX));
    Router::new()
        .route("/api/programs", get(programs::routes::list))
        .route("/api/programs/{*path}", program)
        .route("/api/programs-changes", get(programs::routes::changes))
        .layer(DefaultBodyLimit::max(programs::PROGRAM_MAX))
        .merge(short)
        .merge(circuit)
        .layer(axum::middleware::from_fn(calls::check_call))
}

/// `GET /api/boards`: as `coil status --json` tells them, and those on the table, whose type nobody knows.
async fn boards(State(studio): State<Studio>) -> Json<Vec<Value>> {
    let own = studio.0.boards.iter().map(|board| json!(board));
    let real = studio.0.real.iter();
    let real = real.map(|b| json!({ "name": b.name, "device": b.device.to_string() }));
    Json(own.chain(real).collect())
}

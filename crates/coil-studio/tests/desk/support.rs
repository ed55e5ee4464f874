//! Virtual boards with ports of RFC 2217, as `coil up` has them, in real time.

use coil_board::outside::{RamFlash, Stimulus};
use coil_board::{Outcome, modules};
use coil_circuit::Circuit;
use coil_lab::events::{self, Hands};
use coil_lab::{
    BoardHandle, BoardSpec, BoardStatus, Console, Events, Observer, Pace, Runner, Steering, catalog,
};
use coil_link::host::{Answer, Ended, Error, Listing, News, Request, Session, State, Subscription};
use coil_link::{End, Hub, Line, PtyPort, PtyWriter, Rfc2217Port, SocketWriter};
use coil_studio::{Lab, Studio};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tungstenite::WebSocket;
use tungstenite::client::IntoClientRequest;

/// All firmwares that there are.
pub(crate) const FIRMWARES: [&str; 3] = ["1.11", "1.19.1", "current"];
/// How long anything may take where others build.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// The board at the other end.
#[derive(Clone, Default)]
struct Seat(Arc<Mutex<Option<BoardHandle>>>);

impl Seat {
    fn with<T: Default>(&self, f: impl FnOnce(&BoardHandle) -> T) -> T {
        self.0.lock().expect("whole").as_ref().map(f).unwrap_or_default()
    }
}

impl End for Seat {
    fn send(&self, bytes: &[u8]) {
        self.with(|board| board.send(bytes));
    }
    fn waiting(&self) -> usize {
        self.with(BoardHandle::waiting)
    }
    fn taken(&self) -> u64 {
        self.with(BoardHandle::taken)
    }
    fn lines(&self, dtr: bool, rts: bool) {
        self.with(|board| board.stimulate(Stimulus::Lines { dtr, rts }));
    }
    fn speed(&self, baud: u32) {
        self.with(|board| board.stimulate(Stimulus::Speed { baud }));
    }
}

struct Out(SocketWriter, PtyWriter);

impl Console for Out {
    fn write(&mut self, bytes: &[u8]) {
        self.0.write(bytes);
        self.1.write(bytes);
    }
    fn flush(&mut self) {
        self.0.flush();
        self.1.flush();
    }
    fn end(&mut self, _: Outcome) {}
}

/// A board with its power on.
pub(crate) struct Board {
    runner: Runner,
    pub(crate) handle: BoardHandle,
    port: Option<Rfc2217Port>,
    pty: PtyPort,
    _hub: Hub,
}

impl Board {
    pub(crate) fn start(firmware: &str, files: &[(&str, &str)]) -> Self {
        Self::wired(firmware, files, None, None)
    }

    /// One with a circuit, that is watched.
    pub(crate) fn wired(
        firmware: &str,
        files: &[(&str, &str)],
        circuit: Option<Circuit>,
        observer: Option<Box<dyn Observer>>,
    ) -> Self {
        let hub = Hub::start().expect("a thread");
        let seat = Seat::default();
        let line = Line::new(seat.clone());
        let port = Rfc2217Port::open(&hub, &line).expect("a port");
        let pty = PtyPort::open(&hub, None, &line).expect("a port");
        let device = catalog::device("wemos-d1-r32").expect("a device");
        let profile = catalog::profile(firmware).expect("a firmware");
        let mut runner = Runner::start(modules::rom(&profile), Pace::Real).expect("a thread");
        let flash = Box::new(RamFlash::new(device.flash_bytes));
        let console = Box::new(Out(port.writer(), pty.writer()));
        let mut spec = BoardSpec::new(profile, device, flash, console);
        spec.boot_text = true;
        spec.files = files.iter().map(|f| (f.0.to_owned(), f.1.as_bytes().to_vec())).collect();
        (spec.circuit, spec.observer) = (circuit, observer);
        let board = runner.add(spec);
        *seat.0.lock().expect("whole") = Some(board.clone());
        Self { runner, handle: board, port: Some(port), pty, _hub: hub }
    }

    /// What a lab tells of it.
    pub(crate) fn status(&self) -> BoardStatus {
        BoardStatus {
            name: "board0".into(),
            device: "wemos-d1-r32".into(),
            firmware: "current".into(),
            tty: "/none".into(),
            pts: "/none".into(),
            tcp: String::new(),
            rfc2217: self.rfc2217(),
            webrepl: String::new(),
            ports: BTreeMap::new(),
            flash: "/none".into(),
        }
    }

    /// Who steers its time.
    pub(crate) fn steering(&self) -> Steering {
        self.runner.steering()
    }

    /// The address of its port, as a lab tells it.
    pub(crate) fn rfc2217(&self) -> String {
        format!("rfc2217://{}", self.port.as_ref().expect("it is there").address())
    }

    /// The path of its pseudo-terminal.
    pub(crate) fn pts(&self) -> String {
        self.pty.pts().to_str().expect("plain").to_owned()
    }

    /// Its port goes, as when its cable is pulled.
    pub(crate) fn unplug(&mut self) {
        self.port = None;
    }
}

impl Drop for Board {
    fn drop(&mut self) {
        self.runner.stop();
    }
}

/// A board at its prompt, with who speaks to it.
pub(crate) struct Spoken {
    pub(crate) session: Arc<Session>,
    pub(crate) board: Board,
    listener: Subscription,
    /// What was heard and not asked for yet.
    heard: String,
}

impl Spoken {
    /// One that has booted.
    pub(crate) fn start(firmware: &str, files: &[(&str, &str)]) -> Self {
        let mut spoken = Self::connect(firmware, files);
        spoken.wait_for(|state| *state == State::Prompt);
        spoken
    }

    pub(crate) fn connect(firmware: &str, files: &[(&str, &str)]) -> Self {
        let board = Board::start(firmware, files);
        let address = board.rfc2217();
        Self::at(board, &address)
    }

    /// A board's session at one of its ports.
    pub(crate) fn at(board: Board, address: &str) -> Self {
        let address = address.parse().expect("an address");
        let session = Arc::new(Session::open(address).expect("a thread"));
        let listener = session.subscribe(|| ());
        Self { session, board, listener, heard: String::new() }
    }

    fn hear(&mut self, left: Duration) -> Option<State> {
        match self.listener.next(left.min(Duration::from_millis(100))) {
            Some(News::Output(bytes)) => self.heard.push_str(&String::from_utf8_lossy(&bytes)),
            Some(News::State(state)) => return Some(state),
            Some(News::Missed(n)) => panic!("{n} bytes missed"),
            None => {}
        }
        None
    }

    /// Waits until the board is like this; those before it may have been passed over.
    pub(crate) fn wait_for(&mut self, is_so: impl Fn(&State) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !is_so(&self.session.state()) {
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "{:?}: {}", self.session.state(), self.heard);
            self.hear(left);
        }
    }

    /// What is said up to this.
    pub(crate) fn until(&mut self, wanted: &str) -> String {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(at) = self.heard.find(wanted) {
                let rest = self.heard.split_off(at + wanted.len());
                return std::mem::replace(&mut self.heard, rest);
            }
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "no {wanted:?} in {:?}", self.heard);
            self.hear(left);
        }
    }

    /// What was said and not asked for, with all that comes within a moment.
    pub(crate) fn rest(&mut self) -> String {
        while let Some(news) = self.listener.next(Duration::from_millis(300)) {
            if let News::Output(bytes) = news {
                self.heard.push_str(&String::from_utf8_lossy(&bytes));
            }
        }
        std::mem::take(&mut self.heard)
    }

    pub(crate) fn type_in(&self, text: &str) {
        assert!(self.session.type_in(text.as_bytes()));
    }

    pub(crate) fn ask(&self, request: Request) -> Result<Answer, Error> {
        self.session.ask(request)
    }

    pub(crate) fn done(&self, request: Request) {
        let said = format!("{request:?}");
        assert_eq!(self.ask(request).unwrap_or_else(|e| panic!("{said}: {e}")), Answer::Done);
    }

    pub(crate) fn run(&self, source: &str) -> Ended {
        ended(self.ask(run_of(source, true)))
    }

    /// Starts a program that is not waited for.
    pub(crate) fn start_program(&self, source: &str) -> std::sync::mpsc::Receiver<Ended> {
        let (sender, receiver) = std::sync::mpsc::channel();
        self.session.request(run_of(source, true), move |done| {
            let _ = sender.send(ended(done));
        });
        receiver
    }

    /// Starts a program that never ends by itself.
    pub(crate) fn start_program_gone(&self) -> std::sync::mpsc::Receiver<Result<Answer, Error>> {
        let (sender, receiver) = std::sync::mpsc::channel();
        self.session.request(run_of("while True: pass", true), move |done| {
            let _ = sender.send(done);
        });
        receiver
    }

    pub(crate) fn files(&self) -> Listing {
        match self.ask(Request::Files) {
            Ok(Answer::Files(listing)) => listing,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn read(&self, path: &str) -> Vec<u8> {
        match self.ask(Request::Read { path: path.into() }) {
            Ok(Answer::Content(content)) => content,
            other => panic!("{path}: {other:?}"),
        }
    }

    pub(crate) fn write(&self, path: &str, content: &[u8]) {
        self.done(Request::Write { path: path.into(), content: content.to_vec() });
    }
}

pub(crate) fn run_of(source: &str, fresh: bool) -> Request {
    Request::Run { name: "test.py".into(), source: source.into(), fresh }
}

pub(crate) fn ended(done: Result<Answer, Error>) -> Ended {
    match done {
        Ok(Answer::Ended(ended)) => ended,
        other => panic!("{other:?}"),
    }
}

/// What a call was answered.
pub(crate) struct Called {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Called {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{}", self.body))
    }
}

/// A page's server with one board.
pub(crate) struct Served {
    pub(crate) address: SocketAddr,
    _runtime: tokio::runtime::Runtime,
}

impl Served {
    pub(crate) fn start(board: &Board) -> Self {
        let handles = BTreeMap::from([("board0".to_owned(), board.handle.clone())]);
        Self::of(Lab { handles, time: Some(board.steering()), ..Self::lab(vec![board.status()]) })
    }

    pub(crate) fn lab(boards: Vec<BoardStatus>) -> Lab {
        let lines = |of: &events::SetLines| Err(events::no_board(&of.board));
        let hands = Hands::new(Arc::new(|_| Ok(())), Arc::new(lines));
        Lab::new(boards, Events::new(), hands)
    }

    pub(crate) fn of(lab: Lab) -> Self {
        let studio = Studio::new(lab);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("threads");
        let listener =
            runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("a port");
        let address = listener.local_addr().expect("bound");
        runtime.spawn(studio.serve(listener));
        Self { address, _runtime: runtime }
    }

    /// A call; `headers` end with a line break each.
    pub(crate) fn call(&self, line: &str, headers: &str, body: &[u8]) -> Called {
        let mut stream = TcpStream::connect(self.address).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("set");
        let head = format!(
            "{line} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n",
            self.address,
            body.len()
        );
        // It may be refused before all of it is sent.
        let _ = stream.write_all(&[head.as_bytes(), body].concat());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok());
        let status = status.unwrap_or_else(|| panic!("{line}: {answer:?}"));
        Called { status, head: head.to_owned(), body: body.to_owned() }
    }

    /// A WebSocket, or what is said against it.
    pub(crate) fn connect(
        &self,
        path: &str,
        origin: Option<&str>,
    ) -> Result<WebSocket<TcpStream>, String> {
        let mut request =
            format!("ws://{}{path}", self.address).into_client_request().expect("plain");
        if let Some(origin) = origin {
            request.headers_mut().insert("Origin", origin.parse().expect("plain"));
        }
        let stream = TcpStream::connect(self.address).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("can be set");
        tungstenite::client(request, stream).map(|(socket, _)| socket).map_err(|e| e.to_string())
    }
}

//! What a session's thread does: it shows what the board says, and between that does what is asked, alone with the board.

use super::line::Wire;
use super::{Answer, Ask, Command, Ended, Reply, Request, Shared, State};
use crate::host::prompt::{At, Prompt};
use crate::host::python::Frames;
use crate::host::raw::{self, Channel, Flow, Outcome, Way};
use crate::host::{Address, Error, complete, files, variables};
use rustix::fd::OwnedFd;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

/// How long a request may go on without getting further.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long it is tried to stop a program, and how often: a program may need some time to tidy up.
const STOP: Duration = Duration::from_secs(3);
const STOP_AGAIN: Duration = Duration::from_secs(1);
/// How often a port that has gone is looked for.
const LOOK: Duration = Duration::from_secs(1);
/// After so long without a word a board that was just connected is asked for its prompt.
const SILENCE: Duration = Duration::from_millis(300);
/// So long after it was connected or reset a board without a prompt runs a program.
const START: Duration = Duration::from_millis(1500);
const RESET: Duration = Duration::from_secs(3);
/// So long after something was typed the board has said what it says to that.
const TYPED: Duration = Duration::from_millis(100);
/// Typed bytes that are on their way to the port; the others wait.
const AHEAD: usize = 4096;

const CTRL_B: u8 = 2;
const CTRL_C: u8 = 3;
const CTRL_D: u8 = 4;

/// Who has the board.
#[derive(Debug, PartialEq, Eq)]
enum Doing {
    /// Whoever types.
    Idle,
    /// A request, alone.
    Alone,
    /// A program that was started here, and whoever types.
    Program(String),
}

/// A program is being stopped.
struct Stopping {
    replies: Vec<Reply>,
    end: Instant,
    next: Instant,
    tries: u32,
}

/// It is not known yet how the board is.
struct Starting {
    end: Instant,
    /// When it is asked, if it says nothing.
    ask: Option<Instant>,
}

/// The thread.
pub(super) struct Worker {
    shared: Arc<Shared>,
    commands: Receiver<Command>,
    wire: Wire,
    prompt: Prompt,
    way: Way,
    doing: Doing,
    later: VecDeque<(Request, Reply)>,
    typed: VecDeque<u8>,
    typed_at: Option<Instant>,
    stopping: Option<Stopping>,
    starting: Option<Starting>,
    /// What is being done is to be given up.
    broken_off: bool,
    /// The chip was reset from here.
    was_reset: bool,
    /// The prompt for programs is in the middle of something.
    in_step: bool,
    /// A program printed something while a request was done.
    has_stray: bool,
    is_closed: bool,
}

impl Worker {
    pub(super) fn new(
        address: Address,
        shared: Arc<Shared>,
        commands: Receiver<Command>,
        bell: Arc<OwnedFd>,
    ) -> Self {
        Self {
            shared,
            commands,
            wire: Wire::new(address, bell),
            prompt: Prompt::default(),
            way: Way::default(),
            doing: Doing::Idle,
            later: VecDeque::new(),
            typed: VecDeque::new(),
            typed_at: None,
            stopping: None,
            starting: None,
            broken_off: false,
            was_reset: false,
            in_step: false,
            has_stray: false,
            is_closed: false,
        }
    }

    /// Until the session is dropped.
    pub(super) fn run(mut self) {
        while !self.is_closed {
            if self.wire.open().is_ok() {
                let now = Instant::now();
                self.starting = Some(Starting { end: now + START, ask: Some(now + SILENCE) });
                self.way = Way::default();
                // It only comes to an end when the port has gone, or the session.
                let _ = self.attend();
            }
            self.lose();
            let next = Instant::now() + LOOK;
            while !self.is_closed && Instant::now() < next {
                // There is no port, so there is nothing that can go wrong with it.
                let _ = self.pump(Some(next));
            }
        }
        self.lose();
    }

    /// The port has gone.
    fn lose(&mut self) {
        self.wire.close();
        self.prompt.forget();
        self.doing = Doing::Idle;
        (self.starting, self.broken_off, self.was_reset, self.in_step) =
            (None, false, false, false);
        self.drop_typed();
        let waiting = self.later.drain(..).map(|(_, reply)| reply);
        let stopping = self.stopping.take().into_iter().flat_map(|s| s.replies);
        for reply in waiting.chain(stopping) {
            reply(Err(Error::Gone));
        }
        self.shared.set_state(State::Gone);
    }

    fn attend(&mut self) -> Result<(), Error> {
        loop {
            self.settle()?;
            if let Some((request, reply)) = self.next_request() {
                self.perform(request, reply)?;
                continue;
            }
            let until = self.next_look();
            self.pump(until)?;
            self.take_in();
        }
    }

    /// What came is shown.
    fn take_in(&mut self) {
        let bytes: Vec<u8> = self.wire.came.drain(..).collect();
        if bytes.is_empty() {
            return;
        }
        self.prompt.feed(&bytes);
        self.shared.show(&bytes);
        if let Some(starting) = &mut self.starting {
            starting.ask = None;
        }
        if self.prompt.take_restarted() {
            // Another firmware may be on it by now.
            self.way = Way::default();
            self.starting = Some(Starting { end: Instant::now() + RESET, ask: None });
        }
    }

    /// Finds out how the board is, and tells.
    fn settle(&mut self) -> Result<(), Error> {
        let now = Instant::now();
        let at = self.prompt.at();
        if let Some(starting) = &mut self.starting {
            if at != At::Elsewhere || now >= starting.end {
                self.starting = None;
            } else if starting.ask.is_some_and(|ask| now >= ask) {
                starting.ask = None;
                self.wire.send(b"\r")?;
            }
        }
        if matches!(at, At::Prompt(_) | At::WrittenOver)
            && let Some(stopping) = self.stopping.take()
        {
            stopping.replies.into_iter().for_each(|reply| reply(Ok(Answer::Done)));
        }
        self.tell();
        Ok(())
    }

    fn tell(&self) {
        self.shared.set_state(match (&self.doing, self.prompt.at()) {
            (Doing::Alone, _) => State::Busy,
            (Doing::Program(name), _) => State::Running(Some(name.clone())),
            (Doing::Idle, At::Elsewhere) if self.starting.is_some() => State::Starting,
            (Doing::Idle, At::Elsewhere) => State::Running(None),
            (Doing::Idle, At::Prompt(_) | At::Editing | At::WrittenOver) => State::Prompt,
        });
    }

    /// What is asked next, if its time has come.
    fn next_request(&mut self) -> Option<(Request, Reply)> {
        let is_typing =
            self.typed_at.is_some_and(|at| at.elapsed() < TYPED) || !self.typed.is_empty();
        if self.starting.is_some() || self.stopping.is_some() || is_typing {
            return None;
        }
        self.later.pop_front()
    }

    fn next_look(&self) -> Option<Instant> {
        let starting = self.starting.as_ref().map(|s| s.ask.unwrap_or(s.end));
        let typed = self.typed_at.filter(|_| !self.later.is_empty()).map(|at| at + TYPED);
        let typed = typed.filter(|at| *at > Instant::now());
        [starting, typed].into_iter().flatten().min()
    }

    /// Waits for the port, those who ask, and the time. What comes stays in the wire.
    fn pump(&mut self, until: Option<Instant>) -> Result<(), Error> {
        self.pass_typed()?;
        let next = self.stopping.as_ref().map(|s| s.next);
        let until = [until, next].into_iter().flatten().min();
        let waited = self.wire.wait(until);
        while let Ok(command) = self.commands.try_recv() {
            self.command(command);
        }
        waited?;
        self.go_on_stopping()?;
        if self.is_closed {
            return Err(Error::Gone);
        }
        if std::mem::take(&mut self.broken_off) { Err(Error::BrokenOff) } else { Ok(()) }
    }

    fn command(&mut self, command: Command) {
        match command {
            Command::Close => self.is_closed = true,
            Command::Type(bytes) if self.wire.is_open() => self.typed.extend(bytes),
            Command::Type(bytes) => self.shared.release_typing(bytes.len()),
            Command::Ask(_, reply) if !self.wire.is_open() => reply(Err(Error::Gone)),
            Command::Ask(Request::Stop, reply) => self.stop(Some(reply)),
            Command::Ask(Request::Boot { held }, reply) => {
                reply(self.wire.boot(held).map(|()| Answer::Done));
            }
            Command::Ask(Request::Reset, reply) => self.reset(reply),
            Command::Ask(Request::SoftReset, reply) => {
                if self.doing != Doing::Idle || self.prompt.at() != At::Prompt(String::new()) {
                    self.stop(None);
                }
                self.later.push_front((Request::SoftReset, reply));
            }
            // Whoever waits for the prompt might wait for ever.
            Command::Ask(_, reply) if matches!(self.doing, Doing::Program(_)) => {
                reply(Err(Error::Busy));
            }
            Command::Ask(request, reply) => self.later.push_back((request, reply)),
        }
    }

    /// What was typed goes to the board, unless a request has it alone.
    fn pass_typed(&mut self) -> Result<(), Error> {
        if self.doing == Doing::Alone || !self.wire.is_open() {
            return Ok(());
        }
        let room = AHEAD.saturating_sub(self.wire.waiting());
        let bytes: Vec<u8> = self.typed.drain(..self.typed.len().min(room)).collect();
        if bytes.is_empty() {
            return Ok(());
        }
        self.shared.release_typing(bytes.len());
        if self.doing == Doing::Idle {
            self.prompt.typed(&bytes);
            self.typed_at = Some(Instant::now());
            self.tell();
        }
        self.wire.send(&bytes)
    }

    fn drop_typed(&mut self) {
        self.shared.release_typing(self.typed.len());
        self.typed.clear();
    }

    fn stop(&mut self, reply: Option<Reply>) {
        self.drop_typed();
        let now = Instant::now();
        // A request that is being done is given up, and then the prompt is there.
        self.broken_off |= self.doing == Doing::Alone;
        let stopping = self.stopping.get_or_insert(Stopping {
            replies: Vec::new(),
            end: now + STOP,
            next: now,
            tries: 0,
        });
        stopping.replies.extend(reply);
    }

    fn go_on_stopping(&mut self) -> Result<(), Error> {
        let now = Instant::now();
        let Some(stopping) = self.stopping.as_mut().filter(|s| now >= s.next) else {
            return Ok(());
        };
        if self.doing == Doing::Alone {
            (stopping.next, stopping.end) = (now + STOP_AGAIN, now + STOP);
            return Ok(());
        }
        if now >= stopping.end {
            let replies = std::mem::take(&mut stopping.replies);
            self.stopping = None;
            replies.into_iter().for_each(|reply| reply(Err(Error::Stuck)));
            return Ok(());
        }
        stopping.next = now + STOP_AGAIN;
        stopping.tries += 1;
        // A tool that was killed may have left the board at the prompt for programs.
        let leave = self.doing == Doing::Idle && stopping.tries > 1;
        self.prompt.typed(b"\r");
        self.wire.send(if leave { &[CTRL_C, CTRL_B] } else { &[CTRL_C] })
    }

    fn reset(&mut self, reply: Reply) {
        let done = self.wire.reset();
        if done.is_ok() {
            self.prompt.forget();
            self.drop_typed();
            self.way = Way::default();
            self.starting = Some(Starting { end: Instant::now() + RESET, ask: None });
            if self.doing != Doing::Idle {
                (self.broken_off, self.was_reset) = (true, true);
            }
            let stopping = self.stopping.take().into_iter().flat_map(|s| s.replies);
            stopping.for_each(|reply| reply(Ok(Answer::Done)));
        }
        reply(done.map(|()| Answer::Done));
    }

    /// Does what needs the prompt. An error is the port's; others are the answer.
    fn perform(&mut self, request: Request, reply: Reply) -> Result<(), Error> {
        let typed = match self.typed_at_prompt() {
            Ok(typed) => typed,
            Err(e) => {
                let gone = matches!(e, Error::Gone);
                reply(Err(e));
                return if gone { Err(Error::Gone) } else { Ok(()) };
            }
        };
        self.doing = Doing::Alone;
        self.has_stray = false;
        self.tell();
        let done = match request {
            Request::SoftReset => self.soft_reset(&typed),
            Request::Run { name, source, fresh } => {
                let ended = self.program(&typed, &name, &source, fresh);
                self.back(&typed, true, ended).map(Answer::Ended)
            }
            request => {
                let done = self.begin(&typed).and_then(|()| self.serve(request));
                self.back(&typed, false, done)
            }
        };
        self.doing = Doing::Idle;
        self.broken_off = false;
        let gone = self.is_closed || matches!(done, Err(Error::Gone));
        self.tell();
        reply(done);
        if gone { Err(Error::Gone) } else { Ok(()) }
    }

    /// What is typed at the prompt; an error if it is not there.
    fn typed_at_prompt(&mut self) -> Result<String, Error> {
        match self.prompt.at() {
            At::Prompt(typed) => Ok(typed),
            At::Editing => Err(Error::Editing),
            At::Elsewhere => Err(Error::Busy),
            At::WrittenOver => {
                self.doing = Doing::Alone;
                let there = self.ask_for_prompt();
                (self.doing, self.broken_off, self.was_reset) = (Doing::Idle, false, false);
                if there? { Ok(String::new()) } else { Err(Error::Busy) }
            }
        }
    }

    /// Whether Enter brings a prompt.
    fn ask_for_prompt(&mut self) -> Result<bool, Error> {
        self.prompt.take_come();
        self.prompt.typed(b"\r");
        self.wire.send(b"\r")?;
        let end = Instant::now() + SILENCE;
        while Instant::now() < end {
            self.pump(Some(end))?;
            self.take_in();
            if self.prompt.take_come() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn soft_reset(&mut self, typed: &str) -> Result<Answer, Error> {
        if !typed.is_empty() {
            raw::clear_line(self)?;
        }
        self.prompt.typed(&[CTRL_D]);
        self.wire.send(&[CTRL_D])?;
        self.starting = Some(Starting { end: Instant::now() + RESET, ask: None });
        Ok(Answer::Done)
    }

    /// To the prompt for programs.
    fn begin(&mut self, typed: &str) -> Result<(), Error> {
        self.in_step = true;
        if !typed.is_empty() {
            raw::clear_line(self)?;
        }
        raw::enter(self)?;
        self.in_step = false;
        Ok(())
    }

    /// Back to the prompt for people, as it was; what a request came to is passed on.
    fn back<T>(&mut self, typed: &str, shows: bool, done: Result<T, Error>) -> Result<T, Error> {
        self.doing = Doing::Alone;
        if matches!(done, Err(Error::Gone)) {
            return done;
        }
        if std::mem::take(&mut self.was_reset) || self.prompt.take_restarted() {
            self.in_step = false;
            return done;
        }
        self.broken_off = false;
        let left = match std::mem::take(&mut self.in_step) {
            true => raw::give_up(self),
            false => raw::leave(self),
        };
        let typed = match left.and_then(|()| self.retype(typed)) {
            Ok(()) => typed,
            Err(Error::Gone) => return Err(Error::Gone),
            Err(e) => {
                self.prompt.forget();
                return done.and(Err(e));
            }
        };
        if shows || self.has_stray {
            if !self.shared.is_at_line_start() {
                self.shared.show(b"\r\n");
            }
            self.shared.show(format!(">>> {typed}").as_bytes());
        }
        self.prompt.set(typed);
        done
    }

    /// Types what was typed before.
    fn retype(&mut self, typed: &str) -> Result<(), Error> {
        self.wire.send(typed.as_bytes())?;
        for _ in 0..typed.len() {
            self.byte(PATIENCE)?;
        }
        Ok(())
    }

    fn serve(&mut self, request: Request) -> Result<Answer, Error> {
        let done = |()| Answer::Done;
        match request {
            Request::Files => files::list(self).map(Answer::Files),
            Request::Read { path } => files::read(self, &path).map(Answer::Content),
            Request::Write { path, content } => files::write(self, &path, &content).map(done),
            Request::Remove { path } => files::remove(self, &path).map(done),
            Request::Rename { from, to } => files::rename(self, &from, &to).map(done),
            Request::MakeFolder { path } => files::make_folder(self, &path).map(done),
            Request::Variables => variables::list(self).map(Answer::Variables),
            Request::Complete { text } => complete::list(self, &text).map(Answer::Names),
            // These are done elsewhere.
            Request::Run { .. }
            | Request::Stop
            | Request::SoftReset
            | Request::Reset
            | Request::Boot { .. } => Ok(Answer::Done),
        }
    }

    /// Runs a program, until it has ended.
    fn program(
        &mut self,
        typed: &str,
        name: &str,
        source: &str,
        fresh: bool,
    ) -> Result<Ended, Error> {
        self.begin(typed)?;
        if !self.shared.is_at_line_start() {
            self.shared.show(b"\r\n");
        }
        let ended = self.program_alone(name, source, fresh);
        match ended {
            Err(Error::BrokenOff) if self.was_reset => Ok(Ended::Reset),
            Err(Error::BrokenOff) => Ok(Ended::Stopped),
            Ok(Ended::Reset) => {
                // What it says from now on is shown by others.
                self.was_reset = true;
                self.way = Way::default();
                self.starting = Some(Starting { end: Instant::now() + RESET, ask: None });
                Ok(Ended::Reset)
            }
            ended => ended,
        }
    }

    /// A program has the board: whoever waits for the prompt might wait for ever.
    fn hand_over(&mut self, name: &str) {
        self.doing = Doing::Program(name.to_owned());
        self.tell();
        let (stay, busy) = std::mem::take(&mut self.later)
            .into_iter()
            .partition(|(request, _)| matches!(request, Request::SoftReset));
        self.later = stay;
        let busy: VecDeque<(Request, Reply)> = busy;
        for (_, reply) in busy {
            reply(Err(Error::Busy));
        }
    }

    fn program_alone(&mut self, name: &str, source: &str, fresh: bool) -> Result<Ended, Error> {
        let (shared, mut watch) = (self.shared.clone(), Prompt::default());
        let mut show = |bytes: &[u8]| {
            watch.feed(bytes);
            shared.show(bytes);
            if watch.take_restarted() { Flow::Break } else { Flow::Progress }
        };
        self.in_step = true;
        if fresh {
            self.hand_over(name);
            if !raw::soft_reset(self, &mut show)? {
                self.prompt = watch;
                return Ok(Ended::Reset);
            }
            self.doing = Doing::Alone;
            if self.stopping.is_some() {
                self.in_step = false;
                return Ok(Ended::Stopped);
            }
        }
        let mut way = self.way;
        let sent = raw::send_program(self, &mut way, source.as_bytes());
        self.way = way;
        sent?;
        self.hand_over(name);
        let outcome = raw::listen(self, None, &mut show)?;
        self.doing = Doing::Alone;
        let Outcome::Ended(text) = outcome else {
            self.prompt = watch;
            return Ok(Ended::Reset);
        };
        self.shared.show(&text);
        self.in_step = false;
        // Without one it starts anew, because of `sys.exit()`.
        match raw::next_prompt(self) {
            Err(Error::NoAnswer(_)) | Ok(()) => {}
            Err(e) => return Err(e),
        }
        Ok(ended(&text))
    }
}

/// How a program ended that said this.
fn ended(text: &[u8]) -> Ended {
    let traceback = String::from_utf8_lossy(text).replace("\r\n", "\n");
    let Some(last) = traceback.trim_end().lines().next_back() else { return Ended::Done };
    if last.starts_with("KeyboardInterrupt") {
        return Ended::Stopped;
    }
    let place = "File \"<stdin>\", line ";
    let line = traceback.rfind(place).and_then(|at| {
        let rest = &traceback[at + place.len()..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        rest[..digits].parse().ok()
    });
    Ended::Exception { line, traceback }
}

impl Ask for Worker {
    fn ask(
        &mut self,
        source: &str,
        path: &str,
        each: &mut dyn FnMut(&str) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.in_step = true;
        let (shared, mut frames, mut way) = (self.shared.clone(), Frames::default(), self.way);
        let (mut failed, mut has_stray) = (None, false);
        let mut sink = |bytes: &[u8]| {
            let (mut stray, mut flow) = (Vec::new(), Flow::Nothing);
            let mut take = |frame: &str| match each(frame) {
                _ if failed.is_some() => {}
                Ok(()) => flow = Flow::Progress,
                Err(e) => failed = Some(e),
            };
            frames.feed(bytes, &mut take, &mut stray);
            has_stray |= !stray.is_empty();
            shared.show(&stray);
            if failed.is_some() { Flow::Break } else { flow }
        };
        let sent = raw::send_program(self, &mut way, source.as_bytes());
        self.way = way;
        sent?;
        let outcome = raw::listen(self, Some(PATIENCE), &mut sink);
        self.has_stray |= has_stray;
        match (outcome?, failed) {
            (_, Some(e)) => Err(e),
            (Outcome::Broke, None) => Err(Error::BrokenOff),
            (Outcome::Ended(text), None) => {
                raw::next_prompt(self)?;
                self.in_step = false;
                match text.is_empty() {
                    true => Ok(()),
                    false => Err(Error::of_traceback(&String::from_utf8_lossy(&text), path)),
                }
            }
        }
    }
}

impl Channel for Worker {
    fn send(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.wire.send(bytes)
    }

    fn byte(&mut self, patience: Duration) -> Result<u8, Error> {
        let end = Instant::now() + patience;
        loop {
            if let Some(byte) = self.wire.came.pop_front() {
                return Ok(byte);
            }
            if Instant::now() >= end {
                return Err(Error::NoAnswer("it says nothing"));
            }
            self.pump(Some(end))?;
        }
    }

    fn until(
        &mut self,
        end: u8,
        patience: Option<Duration>,
        sink: &mut dyn FnMut(&[u8]) -> Flow,
    ) -> Result<bool, Error> {
        let mut last = Instant::now();
        loop {
            let came = &mut self.wire.came;
            let found = came.iter().position(|b| *b == end);
            let part: Vec<u8> = came.drain(..found.unwrap_or(came.len())).collect();
            if !part.is_empty() {
                match sink(&part) {
                    Flow::Progress => last = Instant::now(),
                    Flow::Nothing => {}
                    Flow::Break => return Ok(false),
                }
            }
            if found.is_some() {
                self.wire.came.pop_front();
                return Ok(true);
            }
            let until = patience.map(|patience| last + patience);
            if until.is_some_and(|until| Instant::now() >= until) {
                return Err(Error::NoAnswer("it does not come to an end"));
            }
            self.pump(until)?;
        }
    }

    fn stray(&mut self, bytes: &[u8]) {
        self.has_stray |= !bytes.is_empty();
        self.shared.show(bytes);
    }

    fn pause(&mut self, time: Duration) -> Result<(), Error> {
        let end = Instant::now() + time;
        while Instant::now() < end {
            self.pump(Some(end))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_a_program_ended_is_what_it_said_last() {
        assert_eq!(ended(b""), Ended::Done);
        let stopped = b"Traceback (most recent call last):\r\n  File \"<stdin>\", line 2, in <module>\r\nKeyboardInterrupt: \r\n";
        assert_eq!(ended(stopped), Ended::Stopped);
        let text = "Traceback (most recent call last):\n  File \"<stdin>\", line 9, in <module>\n  \
                    File \"<stdin>\", line 4, in f\n  File \"lib.py\", line 1, in g\nValueError: x\n";
        let traceback = text.to_owned();
        assert_eq!(ended(text.as_bytes()), Ended::Exception { traceback, line: Some(4) });
    }
}

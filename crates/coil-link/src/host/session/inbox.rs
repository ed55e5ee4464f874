//! Who listens to a board: what it said last is kept for those who come, and each has a bound that it cannot pass.

use super::{State, TYPED_MAX, WAITING_MAX};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

/// Bytes that are kept of what a board said.
pub(super) const HISTORY: usize = 64 << 10;
/// Bytes that wait for one who listens; then the oldest are lost to it.
pub(super) const BEHIND_MAX: usize = 256 << 10;
/// Bytes that are handed over at once.
const CHUNK: usize = 16 << 10;

/// What one who listens hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// So many bytes were lost, because nobody took them.
    Missed(u64),
    /// What the board said.
    Output(Vec<u8>),
    /// How it is now.
    State(State),
}

/// What is known of a board.
#[derive(Debug)]
struct Known {
    history: VecDeque<u8>,
    state: State,
    listeners: Vec<Weak<Inbox>>,
}

/// What a session's thread and the others share.
pub(super) struct Shared {
    known: Mutex<Known>,
    requests: AtomicUsize,
    typing: AtomicUsize,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

impl Default for Shared {
    fn default() -> Self {
        let known =
            Known { history: VecDeque::new(), state: State::Starting, listeners: Vec::new() };
        Self {
            known: Mutex::new(known),
            requests: AtomicUsize::new(0),
            typing: AtomicUsize::new(0),
        }
    }
}

impl Shared {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn state(&self) -> State {
        self.known().state.clone()
    }

    pub(super) fn subscribe(&self, wake: Box<dyn Fn() + Send + Sync>) -> Subscription {
        let mut known = self.known();
        let waiting =
            Waiting { output: known.history.clone(), missed: 0, state: Some(known.state.clone()) };
        let inbox = Arc::new(Inbox { waiting: Mutex::new(waiting), bell: Condvar::new(), wake });
        known.listeners.push(Arc::downgrade(&inbox));
        Subscription(inbox)
    }

    /// The board has said this.
    pub(super) fn show(&self, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        let mut known = self.known();
        let _ = keep(&mut known.history, bytes, HISTORY);
        known.tell(|waiting| {
            waiting.missed += keep(&mut waiting.output, bytes, BEHIND_MAX) as u64;
        });
    }

    /// Whether what was said last ended its line.
    pub(super) fn is_at_line_start(&self) -> bool {
        self.known().history.back().is_none_or(|b| *b == b'\n')
    }

    pub(super) fn set_state(&self, state: State) {
        let mut known = self.known();
        if known.state != state {
            known.state = state.clone();
            known.tell(|waiting| waiting.state = Some(state.clone()));
        }
    }

    pub(super) fn reserve_request(&self) -> bool {
        reserve(&self.requests, 1, WAITING_MAX)
    }

    pub(super) fn release_request(&self) {
        self.requests.fetch_sub(1, Ordering::Relaxed);
    }

    pub(super) fn reserve_typing(&self, n: usize) -> bool {
        reserve(&self.typing, n, TYPED_MAX)
    }

    pub(super) fn release_typing(&self, n: usize) {
        self.typing.fetch_sub(n, Ordering::Relaxed);
    }
}

fn reserve(count: &AtomicUsize, n: usize, most: usize) -> bool {
    let more = |now: usize| now.checked_add(n).filter(|sum| *sum <= most);
    count.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).is_ok()
}

/// Puts bytes at the end; so many of the oldest went.
fn keep(queue: &mut VecDeque<u8>, bytes: &[u8], most: usize) -> usize {
    queue.extend(bytes);
    let over = queue.len().saturating_sub(most);
    queue.drain(..over);
    over
}

impl Known {
    fn tell(&mut self, mut change: impl FnMut(&mut Waiting)) {
        self.listeners.retain(|inbox| {
            let Some(inbox) = inbox.upgrade() else { return false };
            change(&mut inbox.waiting());
            inbox.bell.notify_all();
            (inbox.wake)();
            true
        });
    }
}

/// What waits for one who listens.
#[derive(Debug, Default)]
struct Waiting {
    output: VecDeque<u8>,
    missed: u64,
    state: Option<State>,
}

struct Inbox {
    waiting: Mutex<Waiting>,
    bell: Condvar,
    wake: Box<dyn Fn() + Send + Sync>,
}

impl std::fmt::Debug for Inbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inbox").finish_non_exhaustive()
    }
}

impl Inbox {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn take(&mut self) -> Option<News> {
        if self.missed > 0 {
            return Some(News::Missed(std::mem::take(&mut self.missed)));
        }
        if !self.output.is_empty() {
            let n = self.output.len().min(CHUNK);
            return Some(News::Output(self.output.drain(..n).collect()));
        }
        self.state.take().map(News::State)
    }
}

/// One who listens to a board, until this is dropped.
#[derive(Debug)]
pub struct Subscription(Arc<Inbox>);

impl Subscription {
    /// What has come, if something has: what was lost, what the board said, and then how it is.
    pub fn take(&self) -> Option<News> {
        self.0.waiting().take()
    }

    /// The same, waited for.
    pub fn next(&self, patience: Duration) -> Option<News> {
        let has_news = |w: &mut Waiting| w.missed == 0 && w.output.is_empty() && w.state.is_none();
        let waited = self.0.bell.wait_timeout_while(self.0.waiting(), patience, has_news);
        waited.unwrap_or_else(PoisonError::into_inner).0.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subscribe(shared: &Shared) -> Subscription {
        shared.subscribe(Box::new(|| ()))
    }

    #[test]
    fn who_comes_hears_what_was_said_last() {
        let shared = Shared::default();
        shared.show(&vec![b'a'; HISTORY]);
        shared.show(b"end");
        let listener = subscribe(&shared);
        let mut said = Vec::new();
        while let Some(News::Output(bytes)) = listener.take() {
            said.extend(bytes);
        }
        assert_eq!((said.len(), &said[HISTORY - 4..]), (HISTORY, &b"aend"[..]));
    }

    #[test]
    fn who_does_not_listen_loses_the_oldest_and_is_told_how_much_and_others_lose_nothing() {
        let shared = Shared::default();
        let (slow, quick) = (subscribe(&shared), subscribe(&shared));
        assert_eq!(slow.take(), Some(News::State(State::Starting)));
        let mut heard = 0;
        for _ in 0..BEHIND_MAX / 1000 + 1 {
            shared.show(&[b'x'; 1000]);
            while let Some(news) = quick.take() {
                match news {
                    News::Output(bytes) => heard += bytes.len(),
                    News::Missed(n) => panic!("{n} lost"),
                    News::State(_) => {}
                }
            }
        }
        assert_eq!(heard, BEHIND_MAX / 1000 * 1000 + 1000);
        let Some(News::Missed(missed)) = slow.take() else { panic!("nothing lost") };
        assert_eq!(missed as usize, heard - BEHIND_MAX);
    }

    #[test]
    fn states_that_pass_are_told_as_the_last_one_and_nobody_hears_after_leaving() {
        let shared = Shared::default();
        let listener = subscribe(&shared);
        shared.set_state(State::Busy);
        shared.set_state(State::Prompt);
        shared.set_state(State::Prompt);
        assert_eq!(listener.next(Duration::from_secs(5)), Some(News::State(State::Prompt)));
        assert_eq!(listener.take(), None);
        drop(listener);
        shared.show(b"x");
        assert!(shared.known().listeners.is_empty());
    }

    #[test]
    fn only_so_much_may_wait() {
        let shared = Shared::default();
        assert!((0..WAITING_MAX).all(|_| shared.reserve_request()));
        assert!(!shared.reserve_request());
        shared.release_request();
        assert!(shared.reserve_request());
        assert!(shared.reserve_typing(TYPED_MAX) && !shared.reserve_typing(1));
        assert!(!shared.reserve_typing(usize::MAX));
    }
}

//! The secrets of sessions, for those who look on with the lab owner's leave: lines as browsers write them to `SSLKEYLOGFILE`.

use crate::taps::Taps;
use std::fmt::Write;
use std::sync::Arc;

/// Called with a line for each secret, without its end. It must return at once, as a [`Waker`](crate::Waker).
pub type KeyTap = Arc<dyn Fn(&str) + Send + Sync>;

/// Who is told.
#[derive(Debug, Default)]
struct Secrets(Taps<dyn Fn(&str) + Send + Sync>);

/// Where the sessions of an air tell their secrets. They are told by boards, which know them before the first frame that needs them is sent. Copies are the same;
/// one of its own tells nobody.
#[derive(Debug, Clone, Default)]
pub struct KeyLog(Arc<Secrets>);

impl KeyLog {
    pub(crate) fn taps(&self) -> &Taps<dyn Fn(&str) + Send + Sync> {
        &self.0.0
    }

    /// Tells a secret.
    pub(super) fn tell(&self, label: &str, client_random: &[u8], secret: &[u8]) {
        rustls::KeyLog::log(&*self.0, label, client_random, secret);
    }

    /// As the library takes it.
    pub(super) fn as_library_takes_it(&self) -> Arc<dyn rustls::KeyLog> {
        self.0.clone()
    }
}

impl rustls::KeyLog for Secrets {
    fn log(&self, label: &str, client_random: &[u8], secret: &[u8]) {
        let mut line = label.to_owned();
        for bytes in [client_random, secret] {
            line.push(' ');
            for byte in bytes {
                // Memory takes everything.
                let _ = write!(line, "{byte:02x}");
            }
        }
        self.0.each(|tap| tap(&line));
    }

    fn will_log(&self, _: &str) -> bool {
        self.0.is_any()
    }
}

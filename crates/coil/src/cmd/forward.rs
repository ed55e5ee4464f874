//! Ports of this machine that lead to ports of boards.

use anyhow::{Context, Result};
use coil_air::bridge::{Clock, Forward, Refused};
use coil_air::{Air, Mac};
use coil_board::chip::wifi::ap_mac;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;

/// Where WebREPL listens on a board.
const WEBREPL_PORT: u16 = 8266;

/// The ways into a workshop's network.
pub(crate) struct WaysIn {
    pub(crate) services: tokio::runtime::Handle,
    pub(crate) air: Air,
    pub(crate) clock: Clock,
}

impl WaysIn {
    /// Opens a port for a board's WebREPL; answers its address.
    pub(crate) fn webrepl(&self, name: &str, board: Mac) -> Result<String> {
        let name = name.to_owned();
        let help = move |why| {
            let help = match why {
                Refused::NoNetwork => format!("{name} is on no network yet"),
                Refused::NotListening => format!(
                    "{name} has no WebREPL: at its prompt, `import webrepl` and `webrepl.start(password='...')`"
                ),
                Refused::Busy => format!("{name} has as many connections as there can be"),
            };
            http_unavailable(&help)
        };
        let address = self.open(board, WEBREPL_PORT, help)?;
        Ok(format!("ws://{address}"))
    }

    /// Opens a port for another server on a board; answers its address.
    pub(crate) fn server(&self, name: &str, board: Mac, port: u16) -> Result<String> {
        let name = name.to_owned();
        let help = move |why| {
            http_unavailable(&match why {
                Refused::NoNetwork => format!("{name} is on no network yet"),
                Refused::NotListening => format!("nothing on {name} listens on port {port}"),
                Refused::Busy => format!("{name} has as many connections as there can be"),
            })
        };
        Ok(self.open(board, port, help)?.to_string())
    }

    /// Opens a port for a board's port.
    fn open(
        &self,
        board: Mac,
        port: u16,
        refusal: impl Fn(Refused) -> Vec<u8> + Send + Sync + 'static,
    ) -> Result<std::net::SocketAddr> {
        let context = "cannot listen on the loopback address";
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context(context)?;
        listener.set_nonblocking(true).context(context)?;
        let address = listener.local_addr().context(context)?;
        let (air, clock) = (self.air.clone(), self.clock.clone());
        let access_point = Some(ap_mac(board));
        let forward = Forward { air, clock, board, access_point, port, refusal: Arc::new(refusal) };
        let _in_services = self.services.enter();
        let listener = tokio::net::TcpListener::from_std(listener).context(context)?;
        // Ends with the process.
        self.services.spawn(forward.run(listener));
        Ok(address)
    }
}

/// What a client of a board's web server is told when there is none.
fn http_unavailable(help: &str) -> Vec<u8> {
    let body = format!("{help}\n");
    format!(
        "HTTP/1.0 503 {help}\r\nContent-Type: text/plain\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

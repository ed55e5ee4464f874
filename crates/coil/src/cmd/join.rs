//! `coil join`: programs of this machine on a workshop's air.

use super::child::{self, warn};
use anyhow::{Context, Result};
use coil_lab::Folder;
use coil_lab::events::{Answer, Arrival, Arrivals, GuestLink, JoinWish, Joined, Visit};
use coil_wlan::{Addresses, FRAME_MAX, Frames, Interface, Network};
use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// Run a command, or a shell, whose network is a running workshop's WiFi.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Folder of the workshop.
    #[arg(long, default_value = "lab")]
    dir: PathBuf,
    /// Name of the network: a board's own access point, or one of those around the boards. Without it, the workshop's own.
    #[arg(long)]
    ssid: Option<String>,
    /// Its password; that of the workshop's own need not be said.
    #[arg(long)]
    password: Option<String>,
    /// The command and what it is given; a shell without one.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<OsString>,
}

/// Where programs look for the authorities that they believe: OpenSSL and Python, curl, Python's requests, Node.js, Git.
const AUTHORITIES: [&str; 5] = [
    "SSL_CERT_FILE",
    "CURL_CA_BUNDLE",
    "REQUESTS_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "GIT_SSL_CAINFO",
];
/// Where programs look for a way out of another network, which is not in reach.
const PROXIES: [&str; 4] = ["http_proxy", "https_proxy", "ftp_proxy", "all_proxy"];
/// What the command said last may take so long to be heard.
const FAREWELL: Duration = Duration::from_secs(2);
/// The workshop authority's certificate, in its folder.
const AUTHORITY: &str = "ca/ca.pem";

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode> {
        let status = Folder::status(&self.dir)?;
        let network = Network::enter()?;
        let wish = JoinWish { ssid: self.ssid, password: self.password };
        let (link, joined) = Visit::join(&status.folder, &wish).context("cannot join")?;
        let mut interface = Interface::new(network, mac(&joined)?)?;
        interface.set(addresses(&joined))?;
        if self.command.is_empty() && std::io::stdin().is_terminal() {
            greet(&joined, interface.name());
        }
        connect(link, interface)?;
        let mut command = child::command(&self.command);
        command.env("COIL_LAB", &status.folder);
        let authority = status.folder.join(AUTHORITY);
        command.envs(AUTHORITIES.map(|name| (name, authority.as_path())));
        for name in PROXIES {
            command.env_remove(name).env_remove(name.to_ascii_uppercase());
        }
        let ended = child::run(&mut command);
        coil_wlan::settle(FAREWELL);
        ended
    }
}

/// Lets frames pass, for as long as this process lasts.
fn connect(link: GuestLink, interface: Interface) -> Result<()> {
    let from_air = link.arrivals()?;
    let frames = interface.frames();
    let spawn = |name: &str, work: Box<dyn FnOnce() + Send>| {
        let thread = std::thread::Builder::new().name(name.into());
        thread.spawn(work).map(drop).context("cannot start a thread")
    };
    spawn("to the air", Box::new(move || send(&frames, &link)))?;
    spawn("from the air", Box::new(move || receive(from_air, interface)))
}

fn send(frames: &Frames, link: &GuestLink) {
    let mut frame = [0; FRAME_MAX];
    // Whoever has gone is missed where frames come from.
    while let Ok(length) = frames.read(&mut frame)
        && link.send(&frame[..length]).is_ok()
    {}
}

fn receive(mut arrivals: Arrivals, mut interface: Interface) {
    let frames = interface.frames();
    while let Ok(arrival) = arrivals.receive() {
        match arrival {
            // Nobody takes it while the interface is down.
            Arrival::Frame(frame) => drop(frames.write(&frame)),
            Arrival::News(Answer::Lost(ssid)) => {
                warn(&format!("coil: `{ssid}` is gone; it is joined again when it comes back"));
            }
            Arrival::News(Answer::Joined(joined)) => match interface.set(addresses(&joined)) {
                Ok(()) => warn(&format!("coil: {}", what_is(&joined, interface.name()))),
                Err(e) => warn(&format!("coil: {:#}", anyhow::Error::from(e))),
            },
            Arrival::News(_) => {}
        }
    }
    warn("coil: the workshop has ended");
    // Programs are told at once instead of waiting.
    if let Err(e) = interface.switch_off() {
        warn(&format!("coil: {:#}", anyhow::Error::from(e)));
    }
}

fn addresses(joined: &Joined) -> Addresses {
    let Joined { address, prefix, gateway, dns, .. } = *joined;
    Addresses { address, prefix, gateway, dns }
}

fn mac(joined: &Joined) -> Result<[u8; 6]> {
    let bytes = joined.mac.split(':').map(|b| u8::from_str_radix(b, 16));
    let bytes: Vec<u8> = bytes.collect::<Result<_, _>>().context("no hardware address")?;
    bytes.try_into().ok().context("no hardware address")
}

fn what_is(joined: &Joined, interface: &str) -> String {
    let Joined { name, ssid, address, prefix, .. } = joined;
    format!(
        "`{ssid}` is joined: {interface} has {address}/{prefix}, as `{name}` in events and captures"
    )
}

/// Says what is what.
fn greet(joined: &Joined, interface: &str) {
    warn(&format!("In this shell the network is a WiFi. {}.", what_is(joined, interface)));
    warn(
        "Boards are reached by their addresses and the workshop's services by their names, and certificates of its own authority are \
         believed. `exit` leaves the shell.",
    );
}

//! The page of a workshop: where it listens, who comes in, and which boards on the table are on it.

use super::board_name;
use crate::cmd::cloud::{here_of, listen_at};
use anyhow::{Context, Result};
use coil_lab::Folder;
use coil_link::host::Address;
use coil_studio::{Password, RealBoard};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::path::PathBuf;

/// Where the page is, and for whom.
#[derive(clap::Args, Debug)]
pub(crate) struct PageOptions {
    /// Port of the page: the one above the cloud's if nothing is said; 0 takes any free one.
    #[arg(long)]
    page_port: Option<u16>,
    /// Address at which the page listens; `0.0.0.0` is all of this machine's. Browsers on other machines are asked for a password.
    #[arg(long, value_name = "ADDRESS", default_value_t = Ipv4Addr::LOCALHOST.into())]
    listen: IpAddr,
    /// File with that password. Without it one is made, kept in the workshop's folder and told at the start.
    #[arg(long, value_name = "FILE", requires = "listen")]
    page_password_file: Option<PathBuf>,
    /// A board on the table that the page shows beside the workshop's own: its serial port, as `/dev/ttyUSB0`, or a
    /// `rfc2217://host:port`; may be given more than once.
    #[arg(long, value_name = "PORT", value_parser = address)]
    serial: Vec<Address>,
}

/// Where the page is.
pub(super) struct Pages {
    /// For browsers on this machine.
    pub(super) here: String,
    /// For those on others, where it is for them.
    pub(super) there: Option<String>,
}

impl Pages {
    /// What others must know, in a line.
    pub(super) fn for_others(&self, password: Option<&Password>) -> Option<String> {
        let (there, password) = (self.there.as_ref()?, password?.text());
        Some(format!("  on other machines the page is {there}, with the password `{password}`"))
    }
}

/// The file in the workshop's folder that has the password.
const PASSWORD: &str = "page-password";

impl PageOptions {
    /// Its port, before anything is written.
    pub(super) fn listen(&self, cloud_port: u16) -> Result<TcpListener> {
        let above = if cloud_port == 0 { 0 } else { cloud_port.saturating_add(1) };
        listen_at(self.listen, self.page_port.unwrap_or(above), "--page-port")
    }

    /// Where that is.
    pub(super) fn pages(&self, listener: &TcpListener) -> Result<Pages> {
        let at = listener.local_addr()?;
        let there = (!self.listen.is_loopback()).then(|| {
            let ip = if at.ip().is_unspecified() { own_address() } else { Some(at.ip()) };
            let known = ip.map(|ip| SocketAddr::new(ip, at.port()).to_string());
            // Whose routes tell nothing knows it otherwise.
            format!("http://{}", known.unwrap_or_else(|| format!("<this machine>:{}", at.port())))
        });
        Ok(Pages { here: format!("http://{}", here_of(at)), there })
    }

    /// What browsers on other machines must know, if it is for them.
    pub(super) fn password(&self, folder: &Folder) -> Result<Option<Password>> {
        if self.listen.is_loopback() {
            return Ok(None);
        }
        if let Some(file) = &self.page_password_file {
            let name = file.display();
            let text =
                std::fs::read_to_string(file).with_context(|| format!("cannot read `{name}`"))?;
            let password = Password::new(text.trim_end_matches(['\r', '\n']));
            return password.map(Some).with_context(|| format!("`{name}`"));
        }
        let kept = folder.read_secret(PASSWORD).context("the page's password")?;
        if let Some(password) = kept.and_then(|text| Password::new(&text).ok()) {
            return Ok(Some(password));
        }
        let password = Password::random().context("no random numbers")?;
        folder.write_secret(PASSWORD, password.text()).context("the page's password")?;
        Ok(Some(password))
    }

    /// Boards that are none of ours, by the names of their ports.
    pub(super) fn on_the_table(&self, boards: u16) -> Vec<RealBoard> {
        let mut all: Vec<RealBoard> = Vec::new();
        for device in &self.serial {
            let text = device.to_string();
            let last = text.rsplit('/').next().unwrap_or_default();
            let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
            let name: String = last.chars().map(plain).collect();
            // A second one of that name, or one that is called as ours are.
            let taken = |name: &str| {
                all.iter().any(|b| b.name == name) || (0..boards).any(|n| board_name(n) == name)
            };
            let other = || (2..).map(|n| format!("{name}-{n}")).find(|name| !taken(name));
            let name = if taken(&name) { other().unwrap_or_default() } else { name };
            all.push(RealBoard { name, device: device.clone() });
        }
        all
    }
}

/// A port of the command line.
fn address(text: &str) -> Result<Address, coil_link::host::Error> {
    text.parse()
}

/// The address that others in this machine's network reach it by, as far as its routes tell. Nothing is sent.
fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    // An address of nobody's, which is kept for examples.
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    Some(socket.local_addr().ok()?.ip()).filter(|ip| !ip.is_unspecified())
}

//! The cloud on this machine, and `coil cloud`, which is the cloud alone: for real boards, and for programs that need no board.

mod secure;

use super::common::tell;
use anyhow::{Context, Result, bail};
use coil_air::{Listed, Outside, bridge};
use coil_cloud::{Cloud, CloudConfig, Opening, Outward, Stream};
use coil_lab::{CloudStatus, Folder, Status};
use secure::SecureOptions;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

/// What is said of the cloud wherever there is one.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct CloudOptions {
    /// Port of the cloud on this machine; 0 takes any free one.
    #[arg(long, default_value_t = 8088)]
    pub(crate) port: u16,
    /// Port of the cloud's MQTT on this machine; 0 takes any free one, which `coil status` tells. 1883 for `coil cloud` and any free
    /// one in a workshop, if nothing is said.
    #[arg(long)]
    mqtt_port: Option<u16>,
    /// Calls a second that a key of the cloud has, and as many in a burst; more are told when to come back.
    #[arg(long, value_name = "CALLS", value_parser = clap::value_parser!(u32).range(1..))]
    rate: Option<u32>,
    /// File with the password that `/master-token` asks for, in place of the master key.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Let boards, and calls of triggers, reach public addresses of this machine's network; its own and private ones stay closed.
    #[arg(long)]
    internet: bool,
    /// Let boards, and calls of triggers, reach this address, as in `192.168.7.20:1883`, `10.1.0.0/16` or `127.0.0.1:8080` (at
    /// `host.workshop`); may be given more than once.
    #[arg(long, value_name = "ADDRESS[:PORT]")]
    allow: Vec<Listed>,
}

/// What `db.json` says at the start.
const DB_JSON: &str = include_str!("../../../../workshop/db.json");

/// Where brokers listen.
const MQTT_PORT: u16 = 1883;

impl CloudOptions {
    /// Its port, before anything is written.
    pub(crate) fn listen(&self, address: IpAddr) -> Result<TcpListener> {
        listen_at(address, self.port, "--port")
    }

    /// Its port for MQTT, by itself this one.
    pub(crate) fn listen_mqtt(&self, address: IpAddr, usual: u16) -> Result<TcpListener> {
        listen_at(address, self.mqtt_port.unwrap_or(usual), "--mqtt-port")
    }

    /// What is open of this machine's network.
    pub(crate) fn outside(&self) -> Outside {
        Outside { internet: self.internet, listed: self.allow.clone() }
    }

    /// Opens the cloud of a folder.
    pub(crate) async fn open(&self, folder: &Folder, outward: Arc<dyn Outward>) -> Result<Cloud> {
        let db_json = folder.put_default("db.json", DB_JSON.as_bytes())?;
        let mut config = CloudConfig::new(folder.path().join("cloud.db"))
            .with_db_json(db_json)
            .with_packages(folder.path().join("packages"))
            .with_outward(outward);
        config.limits.requests_per_second = self.rate;
        if let Some(path) = &self.password_file {
            let text = super::common::read(path)?;
            let password = text.trim_end_matches(['\r', '\n']);
            if password.is_empty() {
                bail!("`{}` is empty; it must hold the password", path.display());
            }
            config.master_password = Some(password.to_owned());
        }
        Cloud::open(config).await.context("cloud")
    }
}

/// A port at an address of this machine.
pub(crate) fn listen_at(address: IpAddr, port: u16, option: &str) -> Result<TcpListener> {
    TcpListener::bind((address, port)).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => anyhow::anyhow!(
            "port {port} is in use on this machine; choose another one with `{option}`"
        ),
        _ => {
            let at = SocketAddr::new(address, port);
            anyhow::Error::new(error).context(format!("cannot listen at {at}"))
        }
    })
}

/// Must be called where the services run.
pub(crate) fn into_tokio(listener: TcpListener) -> Result<tokio::net::TcpListener> {
    listener.set_nonblocking(true)?;
    Ok(tokio::net::TcpListener::from_std(listener)?)
}

/// The address of a listener as those on this machine say it.
fn here(listener: &tokio::net::TcpListener) -> Result<SocketAddr> {
    Ok(here_of(listener.local_addr()?))
}

/// The same of an address that somebody listens at.
pub(crate) fn here_of(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    address
}

/// Serves a cloud until the process ends; its address.
pub(crate) fn serve(cloud: &Cloud, listener: TcpListener) -> Result<String> {
    let listener = into_tokio(listener)?;
    let url = format!("http://{}", here(&listener)?);
    tokio::spawn(cloud.clone().serve(listener, std::future::pending()));
    Ok(url)
}

/// Serves its MQTT; `anyone` lets in who has no key.
pub(crate) fn serve_mqtt(cloud: &Cloud, listener: TcpListener, anyone: bool) -> Result<String> {
    let listener = into_tokio(listener)?;
    let url = format!("mqtt://{}", here(&listener)?);
    tokio::spawn(cloud.clone().serve_mqtt(listener, anyone, std::future::pending()));
    Ok(url)
}

/// The way of triggers where there is no air: what is open of this machine's network.
struct ByHost(Outside);

impl Outward for ByHost {
    fn open(&self, host: &str, port: u16) -> Opening {
        let (outside, host) = (self.0.clone(), host.to_owned());
        Box::pin(async move {
            // There is no gateway here: the loopback address has its own name.
            let gateway = Ipv4Addr::LOCALHOST;
            let stream = bridge::connect_outside(&outside, gateway, &host, port).await?;
            Ok(Box::new(stream) as Box<dyn Stream>)
        })
    }
}

/// Start the cloud alone, for boards on the table and for programs.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Folder of the workshop; it is made if it is not there.
    #[arg(default_value = "lab")]
    dir: PathBuf,
    #[command(flatten)]
    cloud: CloudOptions,
    /// Address at which to listen; `0.0.0.0` is all of this machine's, for boards in its network.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1")]
    listen: IpAddr,
    /// Port at which `db.json` is served at the root, as json-server does; none if nothing is said.
    #[arg(long, value_name = "PORT")]
    json_port: Option<u16>,
    #[command(flatten)]
    secure: SecureOptions,
    /// Let in over MQTT who has no key, from other machines as well.
    #[arg(long)]
    anyone: bool,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode> {
        let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).context("signals")?;
        let for_http = self.cloud.listen(self.listen)?;
        let for_mqtt = self.cloud.listen_mqtt(self.listen, MQTT_PORT)?;
        let for_json = self.json_port.map(|port| listen_at(self.listen, port, "--json-port"));
        let for_json = for_json.transpose()?;
        let anyone = self.anyone || self.listen.is_loopback();
        let secured = self.secure.listen(self.listen, anyone)?;
        let folder = Folder::open(&self.dir)?;
        let services = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .context("cannot start the services' threads")?;
        let outward = Arc::new(ByHost(self.cloud.outside()));
        let (status, json, secured) = services.block_on(async {
            let cloud = self.cloud.open(&folder, outward).await?;
            let (url, mqtt) = (serve(&cloud, for_http)?, serve_mqtt(&cloud, for_mqtt, anyone)?);
            let json = for_json.map(|listener| serve_json(&cloud, listener)).transpose()?;
            let secured = self.secure.serve(secured, &cloud, &folder, self.listen)?;
            let cloud = CloudStatus { url, mqtt, master_key: cloud.master_key() };
            let folder = folder.path().to_owned();
            let (pid, boards, page) = (std::process::id(), Vec::new(), String::new());
            anyhow::Ok((Status { folder, pid, boards, cloud, page }, json, secured))
        })?;
        folder.publish(&status)?;
        tell(&self.greet(&status, json.as_deref(), &secured));
        signals.forever().next();
        services.shutdown_background();
        Ok(ExitCode::SUCCESS)
    }

    fn greet(&self, status: &Status, json: Option<&str>, secured: &[String]) -> String {
        let mut lines =
            vec![format!("The cloud is open: {}   {}", status.cloud.url, status.cloud.mqtt)];
        lines.extend(json.map(|url| format!("  db.json as json-server has it: {url}")));
        let dir = self.dir.display();
        if !secured.is_empty() {
            let ports = secured.join("   ");
            lines.push(format!("  with TLS: {ports}   verify with {dir}/ca/ca.pem"));
        }
        lines.push(format!("  keys: coil keys --dir {dir}"));
        if !self.listen.is_loopback() {
            lines.push(format!(
                "  It listens at {}: whoever reaches that can read and change `db.json` and make devices (attserver); all else asks for a key.",
                self.listen
            ));
        }
        lines.push(String::new());
        lines.join("\n")
    }
}

fn serve_json(cloud: &Cloud, listener: TcpListener) -> Result<String> {
    let listener = into_tokio(listener)?;
    let url = format!("http://{}", here(&listener)?);
    tokio::spawn(cloud.clone().serve_json(listener, std::future::pending()));
    Ok(url)
}

//! The network that commands put their boards on: WiFi, and a cloud behind it.

use super::capture::CaptureOptions;
use super::common::read;
use anyhow::{Context, Result};
use coil_air::bridge::{self, ServiceIo};
use coil_air::tls::CertificateAuthority;
use coil_air::{AccessPoint, Air, AirConfig, Fault, FaultError, FaultStep};
use coil_cloud::{Cloud, CloudConfig, DeviceKey, Peer};
use coil_lab::Folder;
use std::fs::File;
use std::net::{IpAddr, Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::runtime::Runtime;

/// Which network.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct NetworkOptions {
    /// Port of the cloud on this machine; 0 takes any free one.
    #[arg(long, default_value_t = 8088)]
    pub(crate) port: u16,
    /// Name of the WiFi network.
    #[arg(long, default_value = "workshop")]
    pub(crate) ssid: String,
    /// Password of the WiFi network; empty for an open one.
    #[arg(long, default_value = "micropython")]
    pub(crate) password: String,
    /// Something that goes wrong on the air, as in `loss=5%`; may be given more than once. `coil fault --list` tells all.
    #[arg(long, value_name = "FAULT=VALUE", value_parser = fault)]
    fault: Vec<Fault>,
    /// What goes wrong on the air, and when: a `faults.toml`.
    #[arg(long, value_name = "FILE")]
    faults: Option<PathBuf>,
    #[command(flatten)]
    capture: CaptureOptions,
}

/// What `db.json` says at the start.
const DB_JSON: &str = include_str!("../../../../workshop/db.json");

/// A network that is there, though time does not go on in it yet.
pub(crate) struct Network {
    pub(crate) services: Runtime,
    pub(crate) air: Air,
    pub(crate) cloud: Cloud,
    /// The cloud's address on this machine.
    pub(crate) url: String,
    capture: CaptureOptions,
    capture_file: Option<File>,
}

impl NetworkOptions {
    /// The cloud's port, before anything is written.
    pub(crate) fn listen(&self) -> Result<TcpListener> {
        listen(self.port, "--port")
    }

    /// Opens it, with devices for so many boards.
    pub(crate) fn open(
        &self,
        folder: &Folder,
        listener: TcpListener,
        devices: u16,
    ) -> Result<Network> {
        let services = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .context("cannot start the services' threads")?;
        let plan = self.planned()?;
        let capture_file = self.capture.create()?;
        let (cloud, url) = services.block_on(open_cloud(folder, listener, devices))?;
        let (air, capture) = (self.open_air(folder)?, self.capture.clone());
        self.fault.iter().for_each(|fault| air.apply(*fault));
        air.plan_faults(plan);
        Ok(Network { services, air, cloud, url, capture, capture_file })
    }

    /// What is to go wrong, and when.
    fn planned(&self) -> Result<Vec<(u64, Fault)>> {
        let Some(path) = &self.faults else { return Ok(Vec::new()) };
        FaultStep::read_all(&read(path)?).with_context(|| format!("faults `{}`", path.display()))
    }

    fn open_air(&self, folder: &Folder) -> Result<Air> {
        let access_point = if self.password.is_empty() {
            AccessPoint::open(&self.ssid)
        } else {
            AccessPoint::wpa2(&self.ssid, &self.password)
        };
        let mut config = AirConfig::new(access_point)?;
        config.unix_us_at_zero = unix_us();
        let authority = CertificateAuthority::load_or_create(&folder.path().join("ca"))?;
        Ok(Air::with_authority(config, authority)?)
    }
}

impl Network {
    /// Lets time go on in it, by this clock, and connects what boards ask for with the cloud.
    pub(crate) fn serve(&mut self, clock: bridge::Clock) -> Result<()> {
        self.air.set_unix_us_at_zero(unix_us() - clock() as i64);
        self.capture.start(self.capture_file.take(), &self.air)?;
        let (air, cloud) = (self.air.clone(), self.cloud.clone());
        self.services.spawn(async move {
            let serve = move |io: ServiceIo| {
                let cloud = cloud.clone();
                let peer = Peer {
                    address: Some(IpAddr::V4(*io.stream().peer().ip())),
                    tls: io.stream().is_tls(),
                };
                tokio::spawn(async move {
                    // A board that goes away in the middle is no news.
                    let _ = cloud.serve_connection(io, peer).await;
                });
            };
            bridge::run(air, clock, serve).await;
        });
        Ok(())
    }
}

/// A fault of the command line.
fn fault(text: &str) -> Result<Fault, FaultError> {
    Fault::read(text)
}

/// A port of this machine for itself.
pub(crate) fn listen(port: u16, option: &str) -> Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).with_context(|| {
        format!("port {port} is in use on this machine; choose another one with `{option}`")
    })
}

/// Must be called where the services run.
pub(crate) fn into_tokio(listener: TcpListener) -> Result<tokio::net::TcpListener> {
    listener.set_nonblocking(true)?;
    Ok(tokio::net::TcpListener::from_std(listener)?)
}

async fn open_cloud(
    folder: &Folder,
    listener: TcpListener,
    devices: u16,
) -> Result<(Cloud, String)> {
    let db_json = folder.put_default("db.json", DB_JSON.as_bytes())?;
    let database = folder.path().join("cloud.db");
    let cloud =
        Cloud::open(CloudConfig::new(database).with_db_json(db_json)).await.context("cloud")?;
    for seat in 0..devices {
        let name = format!("device{seat:02}");
        cloud.ensure_device(&name, DeviceKey::Md5OfName).await.context("cloud")?;
    }
    let listener = into_tokio(listener)?;
    let url = format!("http://{}", listener.local_addr()?);
    let serving = cloud.clone();
    tokio::spawn(async move {
        // Ends with the process.
        let _ = serving.serve(listener, std::future::pending()).await;
    });
    Ok((cloud, url))
}

fn unix_us() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_micros() as i64
}

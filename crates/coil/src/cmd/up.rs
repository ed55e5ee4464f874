//! `coil up`: a workshop, with a board, an air and a cloud.

use super::common::{BoardOptions, tell_fault};
use super::seat::Seat;
use anyhow::{Context, Result};
use coil_air::bridge::{self, ServiceIo};
use coil_air::tls::CertificateAuthority;
use coil_air::{AccessPoint, Air, AirConfig};
use coil_board::Outcome;
use coil_board::outside::{Event, Kind};
use coil_cloud::{Cloud, CloudConfig, DeviceKey, Peer};
use coil_lab::events::{Door, Filter, Names, actor};
use coil_lab::{BoardStatus, CloudStatus, Console, Events, Folder, Pace, Runner, Status};
use coil_link::{PtyPort, PtyWriter, TcpPort, TcpWriter};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::collections::BTreeMap;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Start a workshop: a board, WiFi and a cloud.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Folder of the workshop; it is made if it is not there.
    #[arg(default_value = "lab")]
    dir: PathBuf,
    #[command(flatten)]
    board: BoardOptions,
    /// How many boards.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=250))]
    boards: u16,
    /// Port of the cloud on this machine; 0 takes any free one.
    #[arg(long, default_value_t = 8088)]
    port: u16,
    /// Name of the WiFi network.
    #[arg(long, default_value = "workshop")]
    ssid: String,
    /// Password of the WiFi network; empty for an open one.
    #[arg(long, default_value = "micropython")]
    password: String,
}

/// What a new board has on its flash.
const FILES: &[(&str, &str)] = &[
    ("boot.py", include_str!("../../../../workshop/board/boot.py")),
    ("config.py", include_str!("../../../../workshop/board/config.py")),
    ("wifi_and_ntp.py", include_str!("../../../../workshop/board/wifi_and_ntp.py")),
];

/// What the workshop's `db.json` says at the start.
const DB_JSON: &str = include_str!("../../../../workshop/db.json");

/// A board's output goes to its serial port and to its TCP clients.
struct Wire {
    pty: PtyWriter,
    tcp: TcpWriter,
}

impl Console for Wire {
    fn write(&mut self, bytes: &[u8]) {
        self.pty.write(bytes);
        self.tcp.write(bytes);
    }
    fn end(&mut self, _: Outcome) {}
}

/// The ports of a board, and where their input goes.
struct Ports {
    pty: PtyPort,
    tcp: TcpPort,
    seat: Seat,
}

impl Ports {
    fn open(link: &std::path::Path) -> Result<Self> {
        let seat = Seat::default();
        let guests = seat.guests();
        let pty = PtyPort::open(Some(link), guests.clone(), seat.keys())
            .context("cannot open a pseudo-terminal")?;
        let tcp =
            TcpPort::open(guests, seat.keys()).context("cannot listen on the loopback address")?;
        Ok(Self { pty, tcp, seat })
    }
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode> {
        let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).context("signals")?;
        // Whatever can be wrong is found out before anything is written.
        let (device, profile) = self.board.check()?;
        let plan = self.board.plan(&device)?;
        let listener =
            std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)).with_context(|| {
                format!(
                    "port {} is in use on this machine; choose another one with `--port`",
                    self.port
                )
            })?;
        let folder = Folder::open(&self.dir)?;
        let services = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .context("cannot start the services' threads")?;
        let (cloud, url) = services.block_on(self.open_cloud(&folder, listener))?;
        let mut runner = Runner::start(coil_board::modules::rom(&profile), Pace::Real)
            .context("cannot start a thread")?;
        let events = Events::new();
        let air = self.open_air(&folder)?;
        let seats = 0..self.boards;
        let names: Names = seats.map(|seat| (mac(seat), board_name(seat).into())).collect();
        air.set_tap(Some(events.tap(names)));
        serve_air(&services, &runner, &air, &cloud);
        let mut ports = Vec::new();
        let mut boards = Vec::new();
        let mut circuits = BTreeMap::new();
        for seat in 0..self.boards {
            let (port, status) = self.add_board(&folder, &mut runner, (&air, &events), seat)?;
            if let Some(plan) = &plan {
                circuits.insert(status.name.clone(), (plan.clone(), port.seat.hands()));
            }
            ports.push(port);
            boards.push(status);
        }
        let status = Status {
            folder: folder.path().to_owned(),
            pid: std::process::id(),
            boards,
            cloud: CloudStatus { url: url.clone(), master_key: cloud.master_key() },
            page: url,
        };
        let door = Door::open(folder.path(), events.clone(), actor(circuits))
            .context("cannot open a socket for events")?;
        tell_faults(&events)?;
        folder.publish(&status)?;
        self.greet(&status)?;
        signals.forever().next();
        drop(door);
        runner.stop();
        drop(ports);
        services.shutdown_background();
        Ok(ExitCode::SUCCESS)
    }

    async fn open_cloud(
        &self,
        folder: &Folder,
        listener: std::net::TcpListener,
    ) -> Result<(Cloud, String)> {
        let db_json = folder.put_default("db.json", DB_JSON.as_bytes())?;
        let database = folder.path().join("cloud.db");
        let cloud =
            Cloud::open(CloudConfig::new(database).with_db_json(db_json)).await.context("cloud")?;
        for seat in 0..self.boards.max(10) {
            cloud
                .ensure_device(&format!("device{seat:02}"), DeviceKey::Md5OfName)
                .await
                .context("cloud")?;
        }
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let url = format!("http://{}", listener.local_addr()?);
        let serving = cloud.clone();
        tokio::spawn(async move {
            // Ends with the process.
            let _ = serving.serve(listener, std::future::pending()).await;
        });
        Ok((cloud, url))
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

    fn add_board(
        &self,
        folder: &Folder,
        runner: &mut Runner,
        (air, events): (&Air, &Events),
        seat: u16,
    ) -> Result<(Ports, BoardStatus)> {
        let name = board_name(seat);
        let tty = folder.path().join(format!("tty-{name}"));
        let flash = folder.path().join(format!("{name}.img"));
        let ports = Ports::open(&tty)?;
        let options = BoardOptions { flash: Some(flash.clone()), ..self.board.clone() };
        let mut spec =
            options.spec(Box::new(Wire { pty: ports.pty.writer(), tcp: ports.tcp.writer() }))?;
        spec.mac = mac(seat);
        spec.observer = Some(Box::new(events.board(&name)));
        spec.files = FILES.iter().map(|f| (f.0.to_owned(), self.fill_in(f.1))).collect();
        spec.station = Some(air.attach(spec.mac));
        let device = spec.device.name.clone();
        ports.seat.take(runner.add(spec));
        let status = BoardStatus {
            name,
            device,
            firmware: self.board.firmware.clone(),
            pts: ports.pty.pts().to_owned(),
            tcp: ports.tcp.address().to_string(),
            tty,
            flash,
        };
        Ok((ports, status))
    }

    /// A file for a new board, with this workshop's network in it.
    fn fill_in(&self, text: &str) -> Vec<u8> {
        text.replace("\"workshop\"", &format!("{:?}", self.ssid))
            .replace("\"micropython\"", &format!("{:?}", self.password))
            .into_bytes()
    }

    fn greet(&self, status: &Status) -> Result<()> {
        let mut out = std::io::stdout().lock();
        writeln!(out, "The workshop is open. WiFi `{}`, password `{}`.", self.ssid, self.password)?;
        for b in &status.boards {
            writeln!(out, "  {} ({}) is on {}", b.name, b.device, b.tty.display())?;
        }
        writeln!(out, "  cloud and page: {}", status.page)?;
        writeln!(
            out,
            "Next: `coil repl` for the board's prompt, or point mpremote, Thonny or ampy to the port above."
        )?;
        writeln!(
            out,
            "Ctrl-C closes the workshop; everything in {} stays.",
            status.folder.display()
        )?;
        out.flush()?;
        Ok(())
    }
}

/// Tells in the terminal what is wrong with what is wired to boards.
fn tell_faults(events: &Events) -> Result<()> {
    let only = Filter::new(vec![Kind::Fault.name().into()], Vec::new(), Vec::new())?;
    let faults = events.subscribe(only, FAULTS_WAITING);
    let tell = move || loop {
        let Some(batch) = faults.next(LOOK) else { continue };
        for (_, event) in &batch.events {
            if let Event::Fault { part, text } = event {
                tell_fault(Some(&batch.board), part.as_deref(), text);
            }
        }
    };
    // It ends with the process.
    std::thread::Builder::new()
        .name("faults".into())
        .spawn(tell)
        .context("cannot start a thread")?;
    Ok(())
}

/// Faults that may wait to be told, and how long to wait for the next one at a time.
const FAULTS_WAITING: usize = 1000;
const LOOK: Duration = Duration::from_secs(60);

fn board_name(seat: u16) -> String {
    format!("board{seat}")
}

/// The factory address of the board at a seat.
fn mac(seat: u16) -> [u8; 6] {
    let [high, low] = (seat + 1).to_be_bytes();
    [0x24, 0x0a, 0xc4, 0x00, high, low]
}

fn unix_us() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_micros() as i64
}

/// Connects what boards ask for with the services.
fn serve_air(services: &tokio::runtime::Runtime, runner: &Runner, air: &Air, cloud: &Cloud) {
    let clock = runner.clock();
    air.set_unix_us_at_zero(unix_us() - clock.now_us() as i64);
    let (air, cloud) = (air.clone(), cloud.clone());
    services.spawn(async move {
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
        bridge::run(air, Arc::new(move || clock.now_us()), serve).await;
    });
}

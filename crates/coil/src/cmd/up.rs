//! `coil up`: a workshop, with a board, an air and a cloud.

mod page;

use super::as_usb;
use super::cloud::into_tokio;
use super::common::{BoardOptions, read, tell, tell_fault};
use super::forward::WaysIn;
use super::network::{Network, NetworkOptions};
use super::ports::{Ports, hands};
use anyhow::{Context, Result};
use coil_air::Air;
use coil_air::bridge::Guests;
use coil_board::chip::wifi::ap_mac;
use coil_board::outside::{Event, Kind};
use coil_circuit::Plan;
use coil_lab::circuits::Start;
use coil_lab::events::{Door, Filter, Names};
use coil_lab::{
    BoardHandle, BoardStatus, Circuits, CloudStatus, Events, Folder, Pace, Runner, Status,
};
use coil_link::Hub;
use coil_studio::{CloudAtHand, Lab, OnAir, Programs, Studio};
use page::PageOptions;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

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
    #[command(flatten)]
    network: NetworkOptions,
    /// Port of servers on boards that this machine reaches, besides 80; `coil status` tells where. May be given more than once.
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    forward: Vec<u16>,
    #[command(flatten)]
    page: PageOptions,
    /// Open a shell in which the boards are USB serial ports that tools find and reset by themselves; the workshop ends with the shell.
    #[arg(long)]
    as_usb: bool,
}

/// Where servers of pages listen.
const HTTP_PORT: u16 = 80;

/// The folder of the learners' programs, in that of the workshop.
const PROGRAMS: &str = "programs";

/// Devices that the cloud knows at least.
const DEVICES: u16 = 10;

/// What a new board has on its flash.
const FILES: &[(&str, &str)] = &[
    ("boot.py", include_str!("../../../../workshop/board/boot.py")),
    ("config.py", include_str!("../../../../workshop/board/config.py")),
    ("wifi_and_ntp.py", include_str!("../../../../workshop/board/wifi_and_ntp.py")),
];

impl Args {
    pub(crate) fn run(mut self) -> Result<ExitCode> {
        let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).context("signals")?;
        // Whatever can be wrong is found out before anything is written.
        let (device, profile) = self.board.check()?;
        let base = self.board.circuit.as_deref().map(read).transpose()?;
        let air = self.network.access_points()?;
        let listener = self.network.listen()?;
        let for_page = self.page.listen(self.network.cloud.port)?;
        let pages = self.page.pages(&for_page)?;
        let folder = Folder::open(&self.dir)?;
        let password = self.page.password(&folder)?;
        let mut network = self.network.open(air, &folder, listener, self.boards.max(DEVICES))?;
        let mut runner = Runner::start(coil_board::modules::rom(&profile), Pace::Real)
            .context("cannot start a thread")?;
        let events = Events::new();
        let seats = 0..self.boards;
        let names: Names = seats.flat_map(names_of).collect();
        network.air.add_tap(events.tap(&network.air, names.clone()));
        let clock = runner.clock();
        network.serve(clock)?;
        let hub = Hub::start().context("cannot start a thread")?;
        let clock = runner.clock();
        let ways_in =
            WaysIn { services: network.services.handle().clone(), air: network.air.clone(), clock };
        let mut ports = Vec::new();
        let mut boards = Vec::new();
        let mut circuits = Circuits::new(folder.path(), base.unwrap_or_default(), self.board.seed);
        let mut modems = BTreeMap::new();
        for seat in 0..self.boards {
            let ports_of = |tty: &Path| Ports::open(&hub, Some(tty));
            let start = circuits.add(&board_name(seat), &device);
            self.tell_circuit(&board_name(seat), &start);
            let (port, mut status) = self.add_board(
                &folder,
                &mut runner,
                (&network.air, &events),
                (seat, start.plan),
                ports_of,
            )?;
            port.seat.with(|board| circuits.started(&status.name, board.clone()));
            status.webrepl = ways_in.webrepl(&status.name, mac(seat))?;
            for port in &self.forwarded() {
                status.ports.insert(*port, ways_in.server(&status.name, mac(seat), *port)?);
            }
            modems.insert(status.name.clone(), port.pty.modem());
            ports.push(port);
            boards.push(status);
        }
        let status = Status {
            folder: folder.path().to_owned(),
            pid: std::process::id(),
            boards,
            cloud: CloudStatus {
                url: network.url.clone(),
                mqtt: network.mqtt.clone(),
                master_key: network.cloud.master_key(),
            },
            page: pages.here.clone(),
        };
        let guests = Guests::new(ways_in.services, ways_in.air, ways_in.clock);
        let hands =
            hands(circuits.actor(), modems).with_air(&network.air, names).with_guests(guests);
        let door = Door::open(folder.path(), events.clone(), hands.clone())
            .context("cannot open a socket for events")?;
        let lab = Lab {
            handles: ports.iter().zip(&status.boards).filter_map(handle_of).collect(),
            circuits: Some(circuits),
            password: password.clone(),
            time: Some(runner.steering()),
            ..Lab::new(status.boards.clone(), events.clone(), hands)
        };
        let studio = Studio::new(self.shown(lab, &folder, &network)?);
        network.services.block_on(async { serve_page(studio, for_page) })?;
        tell_faults(&events)?;
        folder.publish(&status)?;
        tell(&self.greet(&status, pages.for_others(password.as_ref())));
        let ended = self.wait(&folder, &mut signals);
        drop(door);
        runner.stop();
        drop(ports);
        network.services.shutdown_background();
        ended
    }

    /// Until it is to end.
    fn wait(&self, folder: &Folder, signals: &mut Signals) -> Result<ExitCode> {
        if self.as_usb {
            return as_usb::shell(folder.path(), signals);
        }
        signals.forever().next();
        Ok(ExitCode::SUCCESS)
    }

    /// What the page shows beside its boards: what is on the table, the learners' programs, air and cloud.
    fn shown(&self, lab: Lab, folder: &Folder, network: &Network) -> Result<Lab> {
        let programs = folder.path().join(PROGRAMS);
        let opened = Programs::open(&programs)
            .with_context(|| format!("cannot use the folder `{}`", programs.display()))?;
        Ok(Lab {
            real: self.page.on_the_table(self.boards),
            programs: Some(opened.into()),
            air: Some(OnAir { air: network.air.clone(), stations: self.stations() }),
            cloud: Some(CloudAtHand { cloud: network.cloud.clone(), url: network.url.clone() }),
            ..lab
        })
    }

    /// The boards by name, with their addresses on the air.
    fn stations(&self) -> Vec<(String, [u8; 6])> {
        (0..self.boards).map(|seat| (board_name(seat), mac(seat))).collect()
    }

    /// The ports of boards that lead to this machine.
    fn forwarded(&self) -> BTreeSet<u16> {
        self.forward.iter().copied().chain([HTTP_PORT]).collect()
    }

    fn add_board(
        &self,
        folder: &Folder,
        runner: &mut Runner,
        (air, events): (&Air, &Events),
        (seat, plan): (u16, Plan),
        ports: impl FnOnce(&Path) -> Result<Ports>,
    ) -> Result<(Ports, BoardStatus)> {
        let name = board_name(seat);
        let tty = folder.path().join(format!("tty-{name}"));
        let flash = folder.path().join(format!("{name}.img"));
        let ports = ports(&tty)?;
        let options = BoardOptions { flash: Some(flash.clone()), ..self.board.clone() };
        let mut spec = options.spec_with(Some(plan), ports.console())?;
        spec.mac = mac(seat);
        spec.observer = Some(Box::new(events.board(&name)));
        spec.files = FILES.iter().map(|f| (f.0.to_owned(), self.fill_in(f.1))).collect();
        spec.station = Some(air.attach(spec.mac));
        air.call_station(spec.mac, &name);
        let device = spec.device.name.clone();
        ports.seat.take(runner.add(spec));
        let status = BoardStatus {
            name,
            device,
            firmware: self.board.firmware.clone(),
            pts: ports.pty.pts().to_owned(),
            tcp: ports.tcp(),
            rfc2217: ports.rfc2217(),
            webrepl: String::new(),
            ports: BTreeMap::new(),
            tty,
            flash,
        };
        Ok((ports, status))
    }

    /// Says where a board has its circuit from, unless it is from where the command line says.
    fn tell_circuit(&self, name: &str, start: &Start) {
        let Some(own) = &start.own else { return };
        let own = own.display();
        match (&start.error, &self.board.circuit) {
            (Some(why), _) => {
                let text = format!("`{own}` cannot be: {why}; {name} starts without a circuit");
                tell_fault(Some(name), None, &text);
            }
            (None, Some(other)) => tell(&format!(
                "{name} has a circuit of its own, `{own}`: that is used, and not `{}`\n",
                other.display()
            )),
            (None, None) => {}
        }
    }

    /// A file for a new board, with this workshop's network in it.
    fn fill_in(&self, text: &str) -> Vec<u8> {
        text.replace("\"workshop\"", &format!("{:?}", self.network.ssid))
            .replace("\"micropython\"", &format!("{:?}", self.network.password))
            .into_bytes()
    }

    fn greet(&self, status: &Status, for_others: Option<String>) -> String {
        let NetworkOptions { ssid, password, .. } = &self.network;
        let mut lines =
            vec![format!("The workshop is open. WiFi `{ssid}`, password `{password}`.")];
        for b in &status.boards {
            lines.push(format!("  {} ({}) is on {}", b.name, b.device, b.tty.display()));
        }
        lines.push(format!("  page: {}   cloud: {}", status.page, status.cloud.url));
        lines.extend(for_others);
        lines.push(
            "Next: `coil repl` for the board's prompt, or point mpremote, Thonny or ampy to the port above.".into(),
        );
        let folder = status.folder.display();
        let end = if self.as_usb { "The end of the shell" } else { "Ctrl-C" };
        lines.push(format!("{end} closes the workshop; everything in {folder} stays.\n"));
        lines.join("\n")
    }
}

fn serve_page(studio: Studio, listener: std::net::TcpListener) -> Result<()> {
    let listener = into_tokio(listener)?;
    tokio::spawn(async move {
        // Ends with the process.
        let _ = studio.serve(listener).await;
    });
    Ok(())
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

/// A board by name, as it is reached from inside.
fn handle_of((ports, status): (&Ports, &BoardStatus)) -> Option<(String, BoardHandle)> {
    Some((status.name.clone(), ports.seat.board()?))
}

fn board_name(seat: u16) -> String {
    format!("board{seat}")
}

/// The addresses of the board at a seat, as a station and as an access point, and its name.
fn names_of(seat: u16) -> [([u8; 6], Arc<str>); 2] {
    let name: Arc<str> = board_name(seat).into();
    let station = mac(seat);
    [(station, name.clone()), (ap_mac(station), name)]
}

/// Addresses that each chip has from the factory.
const MACS: u16 = 4;

/// The factory address of the board at a seat.
fn mac(seat: u16) -> [u8; 6] {
    let [high, low] = (seat * MACS + 1).to_be_bytes();
    [0x24, 0x0a, 0xc4, 0x00, high, low]
}

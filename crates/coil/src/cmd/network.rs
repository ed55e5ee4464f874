//! The network that commands put their boards on: WiFi, and a cloud behind it.

use super::capture::CaptureOptions;
use super::cloud::{CloudOptions, serve, serve_mqtt};
use super::common::read;
use anyhow::{Context, Result};
use coil_air::bridge::{self, ServiceIo};
use coil_air::tls::CertificateAuthority;
use coil_air::{AccessPoint, Air, AirConfig, Fault, FaultError, FaultStep};
use coil_cloud::{Cloud, DeviceKey, Opening, Outward, Peer, Stream};
use coil_lab::Folder;
use std::fs::File;
use std::io;
use std::net::{IpAddr, Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::runtime::Runtime;

/// Which network.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct NetworkOptions {
    #[command(flatten)]
    pub(crate) cloud: CloudOptions,
    /// Name of the WiFi network.
    #[arg(long, default_value = "workshop")]
    pub(crate) ssid: String,
    /// Password of the WiFi network; empty for an open one.
    #[arg(long, default_value = "micropython")]
    pub(crate) password: String,
    /// File with the access points around the boards (docs/air.md), the workshop's own first.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["ssid", "password"])]
    pub(crate) air: Option<PathBuf>,
    /// Something that goes wrong on the air, as in `loss=5%`; may be given more than once. `coil fault --list` tells all.
    #[arg(long, value_name = "FAULT=VALUE", value_parser = fault)]
    fault: Vec<Fault>,
    /// What goes wrong on the air, and when: a `faults.toml`.
    #[arg(long, value_name = "FILE")]
    faults: Option<PathBuf>,
    /// Let frames go as fast as this machine can, not at the pace of the chip's radio, about 1 MB a second.
    #[arg(long)]
    fast_air: bool,
    /// Address of the boards' gateway and the length of their network's prefix; for more than 250 boards, or where this machine's
    /// network has the same.
    #[arg(long, value_name = "ADDRESS/PREFIX", default_value = "192.168.1.1/24", value_parser = subnet)]
    gateway: (Ipv4Addr, u8),
    #[command(flatten)]
    capture: CaptureOptions,
}

/// A network that is there, though time does not go on in it yet.
pub(crate) struct Network {
    pub(crate) services: Runtime,
    pub(crate) air: Air,
    pub(crate) cloud: Cloud,
    /// The cloud's address on this machine.
    pub(crate) url: String,
    /// The address of its MQTT.
    pub(crate) mqtt: String,
    outward: Arc<ByAir>,
    capture: CaptureOptions,
    capture_file: Option<File>,
}

impl NetworkOptions {
    /// The cloud's port, before anything is written.
    pub(crate) fn listen(&self) -> Result<TcpListener> {
        self.cloud.listen(Ipv4Addr::LOCALHOST.into())
    }

    /// The access points around the boards. The first is the workshop's own, whose name and password these options have from
    /// then on.
    pub(crate) fn access_points(&mut self) -> Result<Vec<AccessPoint>> {
        let all = self.read_access_points()?;
        // There is at least one.
        if let Some(own) = all.first() {
            self.ssid.clone_from(&own.ssid);
            self.password.clone_from(&own.password);
        }
        self.air_config(all.clone())?.check()?;
        Ok(all)
    }

    fn read_access_points(&self) -> Result<Vec<AccessPoint>> {
        let Some(file) = &self.air else {
            return Ok(vec![match self.password.as_str() {
                "" => AccessPoint::open(&self.ssid),
                password => AccessPoint::wpa2(&self.ssid, password),
            }]);
        };
        let name = file.display();
        let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {name}"))?;
        AccessPoint::read_all(&text).with_context(|| name.to_string())
    }

    /// Opens it, with these access points and devices for so many boards.
    pub(crate) fn open(
        &self,
        access_points: Vec<AccessPoint>,
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
        let for_mqtt = self.cloud.listen_mqtt(Ipv4Addr::LOCALHOST.into(), 0)?;
        let config = self.air_config(access_points)?;
        let (air, capture) = (open_air(config, folder)?, self.capture.clone());
        let outward = Arc::new(ByAir { air: air.clone(), clock: OnceLock::new() });
        let (cloud, url, mqtt) = services.block_on(async {
            let cloud = self.cloud.open(folder, outward.clone()).await?;
            for seat in 0..devices {
                let name = format!("device{seat:02}");
                cloud.ensure_device(&name, DeviceKey::Md5OfName).await.context("cloud")?;
            }
            let (url, mqtt) = (serve(&cloud, listener)?, serve_mqtt(&cloud, for_mqtt, true)?);
            anyhow::Ok((cloud, url, mqtt))
        })?;
        self.fault.iter().for_each(|fault| air.apply(*fault));
        air.plan_faults(plan);
        Ok(Network { services, air, cloud, url, mqtt, outward, capture, capture_file })
    }

    fn air_config(&self, access_points: Vec<AccessPoint>) -> Result<AirConfig> {
        let mut config = AirConfig::without_access_points()?;
        config.access_points = access_points;
        config.outside = self.cloud.outside();
        (config.gateway, config.prefix) = self.gateway;
        config.is_fast = self.fast_air;
        config.unix_us_at_zero = unix_us();
        Ok(config)
    }

    /// What is to go wrong, and when.
    fn planned(&self) -> Result<Vec<(u64, Fault)>> {
        let Some(path) = &self.faults else { return Ok(Vec::new()) };
        FaultStep::read_all(&read(path)?).with_context(|| format!("faults `{}`", path.display()))
    }
}

fn open_air(config: AirConfig, folder: &Folder) -> Result<Air> {
    let authority = CertificateAuthority::load_or_create(&folder.path().join("ca"))?;
    Ok(Air::with_authority(config, authority)?)
}

impl Network {
    /// Lets time go on in it, by this clock, and connects what boards ask for with the cloud.
    pub(crate) fn serve(&mut self, clock: bridge::Clock) -> Result<()> {
        // There was none before.
        let _ = self.outward.clock.set(clock.clone());
        self.air.set_unix_us_at_zero(unix_us() - clock.now_us() as i64);
        self.capture.start(self.capture_file.take(), &self.air)?;
        let (air, cloud) = (self.air.clone(), self.cloud.clone());
        self.services.spawn(async move {
            let serve = move |io: ServiceIo| {
                let cloud = cloud.clone();
                let peer = Peer {
                    address: Some(IpAddr::V4(*io.stream().peer().ip())),
                    tls: io.stream().is_tls(),
                };
                let speaks_mqtt = MQTT_PORTS.contains(&io.stream().port());
                let anyone = io.stream().kind() == PUBLIC_BROKER;
                tokio::spawn(async move {
                    if speaks_mqtt {
                        return cloud.serve_mqtt_connection(io, peer, anyone).await;
                    }
                    // A board that goes away in the middle is no news.
                    let _ = cloud.serve_connection(io, peer).await;
                });
            };
            bridge::run(air, clock, serve).await;
        });
        Ok(())
    }
}

/// Where services speak MQTT, plainly and with TLS.
const MQTT_PORTS: [u16; 2] = [1883, 8883];
/// The kind of hosts that let in who has no key, in the table of names.
const PUBLIC_BROKER: &str = "broker";

/// The way of the cloud's triggers: to boards, and outside as far as boards may go there.
struct ByAir {
    air: Air,
    clock: OnceLock<bridge::Clock>,
}

impl Outward for ByAir {
    fn open(&self, host: &str, port: u16) -> Opening {
        let (air, clock, host) = (self.air.clone(), self.clock.get().cloned(), host.to_owned());
        Box::pin(async move {
            let clock = clock.ok_or(io::ErrorKind::NotConnected)?;
            let stream = bridge::connect(&air, &clock, &host, port).await?;
            Ok(Box::new(stream) as Box<dyn Stream>)
        })
    }
}

/// A fault of the command line.
fn fault(text: &str) -> Result<Fault, FaultError> {
    Fault::read(text)
}

/// An address and a prefix of the command line.
fn subnet(text: &str) -> Result<(Ipv4Addr, u8), String> {
    let parts = text
        .split_once('/')
        .and_then(|(ip, prefix)| Some((ip.parse().ok()?, prefix.parse().ok()?)));
    parts.ok_or_else(|| "it is no address with a prefix as in `10.20.0.1/16`".to_owned())
}

fn unix_us() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_micros() as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        network: NetworkOptions,
    }

    fn options(args: &[&str]) -> NetworkOptions {
        Line::parse_from(["coil"].iter().chain(args)).network
    }

    fn told(options: &mut NetworkOptions) -> String {
        match options.access_points() {
            Ok(all) => all.iter().map(|ap| ap.ssid.as_str()).collect::<Vec<_>>().join(" "),
            Err(e) => format!("{e:#}"),
        }
    }

    #[test]
    fn access_points_come_from_the_file_and_what_is_wrong_with_it_names_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("air.toml");
        let mut options = options(&["--air", &path.display().to_string()]);
        assert!(told(&mut options).starts_with(&format!("cannot read {}", path.display())));
        std::fs::write(&path, "[[access_point]]\nssid = 'one'\n[[access_point]]\nssid = 'two'")
            .unwrap();
        assert_eq!(told(&mut options), "one two");
        assert_eq!((options.ssid.as_str(), options.password.as_str()), ("one", ""));
        std::fs::write(&path, "[[access_point]]\nssid = 'one'\nchannel = 0").unwrap();
        let wrong = "`one` cannot be on channel 0; there are 1 to 13";
        assert_eq!(told(&mut options), format!("{}: {wrong}", path.display()));
    }

    #[test]
    fn password_that_no_network_can_have_is_refused() {
        assert_eq!(told(&mut options(&["--password", ""])), "workshop");
        assert_eq!(
            told(&mut options(&["--password", "short"])),
            "the password of `workshop` does not go with its security: WPA takes 8 to 63 characters, or 64 hexadecimal digits"
        );
    }
    #[test]
    fn boards_network_and_what_is_open_to_them_must_not_be_the_same() {
        let listed = ["--allow", "192.168.1.20:80"];
        assert!(told(&mut options(&listed)).contains("within the boards' own network"));
        let apart = [&listed[..], &["--gateway", "10.20.0.1/16"]].concat();
        assert_eq!(told(&mut options(&apart)), "workshop");
        for bad in ["10.20.0.0/16", "10.20.0.1/30", "127.0.0.1/8"] {
            let said = told(&mut options(&["--gateway", bad]));
            assert!(said.contains("is not usable"), "{bad}: {said}");
        }
        let refused = Line::try_parse_from(["coil", "--allow", "127.0.0.1"]).err().unwrap();
        assert!(refused.to_string().contains("of this machine list each port"), "{refused}");
    }
}

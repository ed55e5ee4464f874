//! Both servers as processes: how they start, what processor time they take, that they end.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use coil_cloud::{Cloud, CloudConfig, DeviceKey};

use crate::Fallible;

/// Devices of the cloud that is measured, as many as there are connections.
pub(crate) const DEVICES: usize = 256;

/// A process that ends with this.
pub(crate) struct Server {
    child: Child,
    /// Where `db.json` is at the root.
    pub(crate) port: u16,
    /// Where everything is.
    pub(crate) cloud: u16,
    /// Id and key of each device.
    pub(crate) devices: Vec<(String, String)>,
    /// Kept so that it has somewhere to write to.
    _out: Option<BufReader<ChildStdout>>,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Our own on what is in this folder.
    pub(crate) fn ours(folder: &Path) -> Fallible<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("serve")
            .arg(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut out = BufReader::new(child.stdout.take().ok_or("it has an output")?);
        let mut line = String::new();
        out.read_line(&mut line)?;
        let told: (u16, u16, Vec<(String, String)>) = serde_json::from_str(&line)?;
        let (port, cloud, devices) = told;
        Ok(Self { child, port, cloud, devices, _out: Some(out) })
    }

    /// json-server on a file.
    pub(crate) fn theirs(program: &Path, file: &Path) -> Fallible<Self> {
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let child = Command::new("node")
            .arg(program.join("lib/cli/bin.js"))
            .args(["--quiet", "--host", "127.0.0.1", "--port", &port.to_string()])
            .arg(file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let server = Self { child, port, cloud: port, devices: Vec::new(), _out: None };
        for _ in 0..400 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Ok(server);
            }
            std::thread::sleep(Duration::from_millis(25));
        }
        Err("json-server did not start within ten seconds".into())
    }

    /// Seconds of processor time that it has taken, of the user and of the system.
    pub(crate) fn processor(&self) -> Fallible<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let (_, rest) = stat.rsplit_once(')').ok_or("a name in parentheses")?;
        // Counted from the field after the name, which is the third.
        let ticks = rest.split_whitespace().skip(11).take(2).map(str::parse::<f64>);
        Ok(ticks.sum::<Result<f64, _>>()? / 100.0)
    }
}

/// Is the server: says its ports and devices in a line of JSON, and serves until it is killed.
pub(crate) fn serve(folder: &str) -> Fallible<()> {
    tokio::runtime::Runtime::new()?.block_on(async {
        let folder = Path::new(folder);
        let config = CloudConfig::new(folder.join("cloud.db")).with_db_json(folder.join("db.json"));
        let cloud = Cloud::open(config).await?;
        let mut devices = Vec::with_capacity(DEVICES);
        for number in 0..DEVICES {
            let device = cloud.ensure_device(&format!("d{number}"), DeviceKey::Random).await?;
            devices.push((device.id, device.key));
        }
        let all = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
        let json = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
        let told = (json.local_addr()?.port(), all.local_addr()?.port(), devices);
        writeln!(std::io::stdout(), "{}", serde_json::to_string(&told)?)?;
        tokio::spawn(cloud.clone().serve_json(json, std::future::pending()));
        Ok(cloud.serve(all, std::future::pending()).await?)
    })
}

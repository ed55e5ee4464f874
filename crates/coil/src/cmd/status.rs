//! `coil status`: where everything of a running workshop is.

use anyhow::Result;
use coil_lab::Folder;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Tell where everything of a running workshop is.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Folder of the workshop.
    #[arg(default_value = "lab")]
    dir: PathBuf,
    /// For programs: JSON, with the cloud's master key.
    #[arg(long)]
    json: bool,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode> {
        let status = Folder::status(&self.dir)?;
        let mut out = std::io::stdout().lock();
        if self.json {
            serde_json::to_writer_pretty(&mut out, &status)?;
            writeln!(out)?;
            return Ok(ExitCode::SUCCESS);
        }
        writeln!(out, "Workshop in {} (process {})", status.folder.display(), status.pid)?;
        for b in &status.boards {
            writeln!(out, "  {}: {}, firmware {}", b.name, b.device, b.firmware)?;
            writeln!(out, "    serial port  {} ({})", b.tty.display(), b.pts.display())?;
            writeln!(out, "    TCP          socket://{}", b.tcp)?;
            writeln!(out, "    with lines   {}", b.rfc2217)?;
            // A session that is recorded has no more than this.
            if !b.webrepl.is_empty() {
                writeln!(out, "    WebREPL      {}", b.webrepl)?;
            }
            for (port, address) in &b.ports {
                let name = format!("port {port}");
                writeln!(out, "    {name:<12} http://{address}")?;
            }
            if !b.flash.as_os_str().is_empty() {
                writeln!(out, "    flash        {}", b.flash.display())?;
            }
        }
        if !status.cloud.url.is_empty() {
            writeln!(out, "  cloud: {}   {}", status.cloud.url, status.cloud.mqtt)?;
        }
        if !status.page.is_empty() {
            writeln!(out, "  page:  {}", status.page)?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

//! `coil keys`: who has which key of the workshop's cloud.

mod print;

use anyhow::{Context, Result, bail};
use clap::{Subcommand, ValueEnum};
use coil_cloud::{Client, Cloud, CloudConfig};
use coil_lab::{Folder, FolderError};
use print::{Reader, Seat};
use serde::Deserialize;
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Make, show, exchange and take back the keys of a workshop's cloud.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Folder of the workshop, which may run or not.
    #[arg(long, default_value = "lab", global = true)]
    dir: PathBuf,
    /// How to print.
    #[arg(long, value_enum, default_value = "table", global = true)]
    format: Format,
    /// File to print to, which its owner alone can read, instead of the terminal.
    #[arg(long, value_name = "FILE", global = true)]
    output: Option<PathBuf>,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A row for each seat.
    Table,
    /// Values with commas, for a spreadsheet.
    Csv,
    /// A page with QR codes to print and to cut up.
    Sheet,
}

#[derive(Subcommand, Debug)]
enum What {
    /// Show all seats and keys; the same as nothing.
    List,
    /// Make a device with a key for each of so many seats; who has one keeps it.
    Make {
        /// How many.
        #[arg(value_parser = clap::value_parser!(u16).range(1..=1000))]
        count: u16,
        /// What is before the number in their names.
        #[arg(long, default_value = "device")]
        prefix: String,
        /// The first number.
        #[arg(long, default_value_t = 0)]
        first: u32,
        /// Keys that are the MD5 of the name, as in the first years of the course. Who knows the name knows the key.
        #[arg(long)]
        md5: bool,
    },
    /// Give seats new keys; the old ones open nothing from then on.
    Rotate {
        /// Which seats, by name.
        #[arg(required_unless_present = "all")]
        names: Vec<String>,
        /// All of them.
        #[arg(long, conflicts_with = "names")]
        all: bool,
    },
    /// Take keys back: those of seats, or keys that only read.
    Revoke {
        /// Whose, by name.
        #[arg(required = true)]
        names: Vec<String>,
    },
    /// Make a key that reads everything and changes nothing, as for a projector.
    ReadOnly {
        /// Its name.
        #[arg(default_value = "projector")]
        name: String,
    },
}

/// What there is.
#[derive(Default, Deserialize)]
struct Known {
    #[serde(default)]
    seats: Vec<Seat>,
    #[serde(default)]
    readers: Vec<Reader>,
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .context("cannot start the cloud's thread")?;
        let known = runtime.block_on(self.ask())?;
        let text = match self.format {
            Format::Table => print::table(&known.seats, &known.readers),
            Format::Csv => print::csv(&known.seats, &known.readers),
            Format::Sheet => print::sheet(&known.seats, &known.readers)?,
        };
        match &self.output {
            Some(path) => write_private(path, &text)
                .with_context(|| format!("cannot write `{}`", path.display()))?,
            None => std::io::stdout().lock().write_all(text.as_bytes())?,
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Does what is asked; those whom it is about.
    async fn ask(&self) -> Result<Known> {
        let makes = matches!(self.what, Some(What::Make { .. } | What::ReadOnly { .. }));
        if !makes && !self.dir.exists() {
            bail!(
                "there is no folder `{}`; `--dir` says which workshop is meant",
                self.dir.display()
            );
        }
        let (client, _folder) = open(&self.dir).await?;
        let known = match self.what.as_ref().unwrap_or(&What::List) {
            What::List => client.call("GET", "/coil/seats", &Value::Null).await?,
            What::Make { count, prefix, first, md5 } => {
                let keys = if *md5 { "md5" } else { "random" };
                let said =
                    json!({ "count": count, "prefix": prefix, "first": first, "keys": keys });
                client.call("POST", "/coil/seats", &said).await?
            }
            What::Rotate { names, all } => rotate(&client, names, *all).await?,
            What::Revoke { names } => {
                for name in names {
                    revoke(&client, name).await?;
                }
                client.call("GET", "/coil/seats", &Value::Null).await?
            }
            What::ReadOnly { name } => {
                let reader = client.call("POST", "/coil/readers", &json!({ "name": name })).await?;
                json!({ "readers": [reader] })
            }
        };
        Ok(serde_json::from_value(known)?)
    }
}

/// Whoever may do it: with the cloud that runs in this folder, or with one that is opened for this.
async fn open(dir: &Path) -> Result<(Client, Option<Folder>)> {
    match Folder::status(dir) {
        Ok(status) => Ok((Client::at(&status.cloud.url, &status.cloud.master_key), None)),
        Err(FolderError::NotRunning(_)) => {
            let folder = Folder::open(dir)?;
            let config = CloudConfig::new(folder.path().join("cloud.db"));
            let cloud = Cloud::open(config).await.context("cloud")?;
            Ok((Client::of(&cloud), Some(folder)))
        }
        Err(error) => Err(error.into()),
    }
}

async fn rotate(client: &Client, names: &[String], all: bool) -> Result<Value> {
    let mut names = names.to_vec();
    if all {
        let known = client.call("GET", "/coil/seats", &Value::Null).await?;
        let known: Known = serde_json::from_value(known)?;
        names.extend(known.seats.into_iter().map(|seat| seat.id));
    }
    let mut seats = Vec::new();
    for name in names {
        let path = format!("/coil/seats/{}/rotate", coil_cloud::encode_segment(&name));
        let seat = client.call("POST", &path, &Value::Null).await;
        seats.push(seat.with_context(|| format!("`{name}`"))?);
    }
    Ok(json!({ "seats": seats }))
}

/// Takes the keys of a seat back, or a key that only reads.
async fn revoke(client: &Client, name: &str) -> Result<()> {
    let segment = coil_cloud::encode_segment(name);
    let seat = client.call("DELETE", &format!("/coil/seats/{segment}/keys"), &Value::Null).await;
    if seat.is_ok() {
        return Ok(());
    }
    let reader = client.call("DELETE", &format!("/coil/readers/{segment}"), &Value::Null).await;
    reader.map(drop).with_context(|| format!("`{name}` is no seat and no key that only reads"))
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut draft = path.as_os_str().to_owned();
    draft.push(".new");
    // One that was left there may be readable by others.
    let _ = std::fs::remove_file(&draft);
    let mut file =
        std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&draft, path)
}

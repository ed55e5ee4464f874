//! `coil image`: packing files into a flash image, and looking into one.

use anyhow::{Context, Result, bail};
use clap::{Subcommand, ValueEnum};
use coil_board::vfs::image::Kind;
use coil_lab::catalog;
use coil_lab::image::{Image, LOADER_AT, Source};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Build and inspect flash images.
#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    /// Pack files into one image to be flashed.
    Build(Build),
    /// List the files of an image.
    Ls {
        /// Image of a flash or of a file system.
        image: PathBuf,
    },
    /// Print a file of an image.
    Cat {
        /// Image of a flash or of a file system.
        image: PathBuf,
        /// Its path on the board.
        path: String,
    },
    /// Write all files of an image into a folder.
    Extract {
        /// Image of a flash or of a file system.
        image: PathBuf,
        /// The folder.
        folder: PathBuf,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Fs {
    Littlefs,
    Fat,
}

#[derive(clap::Args, Debug)]
struct Build {
    /// Files and folders to pack; with `:/PATH` behind it, to that place on the board. Of a folder its
    /// content goes there, but what starts with a dot and `__pycache__`.
    #[arg(required = true, value_name = "SOURCE[:/PATH]")]
    sources: Vec<String>,
    /// The image to write.
    #[arg(short, long)]
    output: PathBuf,
    /// Official firmware for ESP32_GENERIC (the `.bin` for 0x1000) to build on, for a real chip;
    /// without it, the image is a virtual board's.
    #[arg(long, value_name = "FILE.bin")]
    firmware: Option<PathBuf>,
    /// Bytes of the flash, as `4M` or `0x400000`.
    #[arg(long)]
    size: Option<String>,
    /// File system, instead of the one that the firmware makes.
    #[arg(long, value_enum)]
    fs: Option<Fs>,
    /// Address that the image is for: 0x0, or 0x1000 as for a downloaded firmware.
    #[arg(long, default_value = "0x0")]
    at: String,
}

/// A number of bytes: decimal, `0x…`, or with `K` or `M` behind it.
fn bytes(text: &str) -> Option<u32> {
    let upper = text.to_ascii_uppercase();
    let short = upper.strip_suffix('B').filter(|s| s.ends_with(['K', 'M'])).unwrap_or(&upper);
    let (digits, unit) = match short.strip_suffix('M') {
        Some(d) => (d, 1 << 20),
        None => short.strip_suffix('K').map_or((short, 1), |d| (d, 1 << 10)),
    };
    match digits.strip_prefix("0X") {
        Some(hex) if unit == 1 => u32::from_str_radix(hex, 16).ok(),
        Some(_) => None,
        None => digits.parse::<u32>().ok()?.checked_mul(unit),
    }
}

/// A file or folder, and where it goes.
fn source(text: &str) -> Result<Source> {
    let (from, to) = match text.rsplit_once(":/") {
        Some((from, to)) => (from, Some(format!("/{to}"))),
        None => (text, None),
    };
    let from = PathBuf::from(from);
    if !from.exists() {
        bail!("there is no file or folder `{}`", from.display());
    }
    Ok(Source { from, to })
}

const DEFAULT_DEVICE: &str = "wemos-d1-r32";
const DEFAULT_SIZE: u32 = 4 << 20;
/// Bytes of a flash at most, as far as the chip addresses it.
const SIZE_MAX: u32 = 16 << 20;

impl Build {
    fn run(&self) -> Result<()> {
        let size = match self.size.as_deref() {
            None => None,
            Some(text) => match bytes(text) {
                Some(n) if n.is_multiple_of(4096) && (1 << 16..=SIZE_MAX).contains(&n) => Some(n),
                _ => bail!("`--size {text}` is not possible; it is the flash's, as in `4M`"),
            },
        };
        let at = match bytes(&self.at) {
            Some(at) if at == 0 || at == LOADER_AT => at,
            _ => bail!("`--at {}` is not possible; it is 0x0 or 0x1000", self.at),
        };
        let sources = self.sources.iter().map(|s| source(s)).collect::<Result<Vec<_>>>()?;
        let mut image = match &self.firmware {
            Some(path) => Image::on_firmware(path, size.unwrap_or(DEFAULT_SIZE))?,
            None => {
                let profile = catalog::profile("current").context("the current firmware")?;
                let device = catalog::device(DEFAULT_DEVICE).context("the board")?;
                Image::of_board(&profile, &device, size)?
            }
        };
        let kind = self.fs.map(|fs| match fs {
            Fs::Littlefs => Kind::Littlefs,
            Fs::Fat => Kind::Fat,
        });
        let (count, total) = image.pack(kind, &sources)?;
        let output = self.output.display();
        std::fs::write(&self.output, image.from(at))
            .with_context(|| format!("cannot write `{output}`"))?;
        let what = if count == 1 { "file" } else { "files" };
        writeln!(std::io::stdout(), "{output}: {count} {what}, {total} bytes, for {at:#x}")?;
        Ok(())
    }
}

impl Args {
    pub(crate) fn run(self) -> Result<ExitCode> {
        let mut out = std::io::stdout();
        match self.what {
            What::Build(build) => build.run()?,
            What::Ls { image } => {
                for e in Image::open(&image)?.list()? {
                    let slash = if e.is_dir { "/" } else { "" };
                    writeln!(out, "{:>9} {}{slash}", e.size, e.path)?;
                }
            }
            What::Cat { image, path } => out.write_all(&Image::open(&image)?.read(&path)?)?,
            What::Extract { image, folder } => {
                let count = Image::open(&image)?.extract(&folder)?;
                writeln!(out, "{count} files in {}", folder.display())?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn sizes_are_written_in_several_ways() {
        for text in ["4M", "4MB", "4096k", "4194304", "0x400000"] {
            assert_eq!(bytes(text), Some(4 << 20), "{text}");
        }
        for text in ["", "M", "0x4M", "four", "-1", "99999M"] {
            assert_eq!(bytes(text), None, "{text}");
        }
    }
}

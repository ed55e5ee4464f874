//! Flash images as files: packing a folder into one, and looking into one.
//!
//! Formats of file systems and partition tables are the board's (`coil_board`); here is where they
//! stand in the files that people flash.

use coil_board::flash::{self, Partition, SECTOR, TABLE_AT};
use coil_board::vfs::image::{Entry, FileSystem, Kind};
use coil_board::{Device, Profile};
use std::path::{Path, PathBuf};

/// Where a combined firmware file starts in flash: the boot loader's place.
pub const LOADER_AT: u32 = 0x1000;
/// How the boot loader and an application start.
const MAGIC: u8 = 0xe9;
/// Where the header of an image says for which chip it is, and the number of the ESP32.
const CHIP_AT: usize = 12;
const ESP32: u16 = 0;
/// Firmware up to 1.11 keeps its files from here on, whatever its table says.
const OLD_FILES_AT: u32 = 0x20_0000;
/// Where the table of such a firmware ends.
const OLD_TABLE_END: u32 = 0x19_0000;
/// The first firmware that reads what littlefs writes today.
const LITTLEFS_SINCE: (u32, u32) = (1, 23);

/// Why an image cannot be made or read.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// Neither an image of a flash nor of a file system.
    #[error(
        "`{}` is not an image of an ESP32: no partition table at 0x8000 (0x7000 in a file for 0x1000) and no file system", .0.display()
    )]
    NotAnImage(PathBuf),
    /// An application without boot loader and table.
    #[error(
        "`{}` is an application alone; give the `.bin` that is flashed at 0x1000, with boot loader and partition table", .0.display()
    )]
    OnlyApplication(PathBuf),
    /// For another chip than the ESP32.
    #[error("`{}` is firmware for another chip of the ESP32 family; give one for ESP32_GENERIC", .0.display())]
    OtherChip(PathBuf),
    /// A partition of the table has no application in it.
    #[error("`{}` ends before its application at {at:#x}; download it again", .path.display())]
    Short {
        /// The firmware.
        path: PathBuf,
        /// Where the application belongs.
        at: u32,
    },
    /// Nothing is left for files.
    #[error(
        "no room for files: what is in front of them ends at {end:#x}, the flash has {size:#x} bytes; give a larger `--size`"
    )]
    NoRoom {
        /// Where the last partition ends.
        end: u32,
        /// Bytes of the flash.
        size: u32,
    },
    /// The firmware would not read it.
    #[error("MicroPython {0} does not read today's littlefs; leave `--fs` out, or give `--fs fat`")]
    TooOldForLittlefs(String),
    /// More than fits.
    #[error(
        "`{path}` does not fit: the file system has {room} bytes for all files; leave some out"
    )]
    TooMuch {
        /// On the board.
        path: String,
        /// Bytes of the file system.
        room: u32,
    },
    /// A name the file system refuses.
    #[error("`{path}` cannot be a file there (error {errno}); choose another name")]
    Name {
        /// On the board.
        path: String,
        /// The error number that a program would get.
        errno: i32,
    },
    /// No file system where it belongs.
    #[error("`{}` has no file system yet; boot it once, or use `coil image build`", .0.display())]
    NoFiles(PathBuf),
    /// The file system is damaged.
    #[error("the file system of `{}` is damaged (error {errno})", .path.display())]
    Damaged {
        /// The image.
        path: PathBuf,
        /// The error number that a program would get.
        errno: i32,
    },
    /// No such file on the image.
    #[error("no file `{path}` on it; `coil image ls` lists what there is")]
    NoFile {
        /// On the board.
        path: String,
    },
    /// A name on the image that would lead out of a folder.
    #[error("`{0}` on the image is no name for a file here; nothing of it was written")]
    Unsafe(String),
    /// The file system here refuses.
    #[error("cannot use `{}`: {why}", .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        why: std::io::Error,
    },
}

/// What goes on an image: a file or the content of a folder, and where to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Here.
    pub from: PathBuf,
    /// On the board, a slash in front; nothing for the root.
    pub to: Option<String>,
}

/// An image in memory.
#[derive(Debug)]
pub struct Image {
    path: PathBuf,
    /// The flash from its first byte on.
    bytes: Vec<u8>,
    /// Where the files are.
    files: std::ops::Range<usize>,
    /// The version that the application's description tells.
    version: Option<String>,
    /// The firmware is from before partitions for files.
    is_old: bool,
}

fn io(path: &Path) -> impl FnOnce(std::io::Error) -> ImageError + '_ {
    move |why| ImageError::Io { path: path.to_owned(), why }
}

fn has_table(bytes: &[u8], at: u32) -> bool {
    bytes.get(at as usize..).is_some_and(|b| !flash::read_table(b).is_empty())
}

/// Where the files of a firmware with this table are; whether it is from before `vfs`.
fn files_of(table: Vec<Partition>, size: u32) -> (Option<Partition>, bool) {
    let end = table.iter().map(|p| p.offset.saturating_add(p.size)).max().unwrap_or(0);
    let is_old = end == OLD_TABLE_END && !table.iter().any(Partition::is_for_files);
    let files = flash::with_files(table, size).into_iter().find(Partition::is_for_files);
    let moved = |p: Partition| Partition {
        offset: OLD_FILES_AT,
        size: size.saturating_sub(OLD_FILES_AT),
        ..p
    };
    (if is_old { files.map(moved) } else { files }, is_old)
}

impl Image {
    /// The flash of a virtual board: its partition table and what stands for its firmware.
    ///
    /// # Errors
    /// If its flash has no room for files.
    pub fn of_board(
        profile: &Profile,
        device: &Device,
        size: Option<u32>,
    ) -> Result<Self, ImageError> {
        let size = size.unwrap_or(device.flash_bytes);
        let partitions = &profile.flash.partitions;
        let mut bytes = Vec::new();
        let mut put = |at: u32, part: &[u8]| {
            let end = at as usize + part.len();
            if bytes.len() < end {
                bytes.resize(end, 0xff);
            }
            bytes[at as usize..end].copy_from_slice(part);
        };
        put(TABLE_AT, &flash::write_table(partitions));
        if let Some(app) = partitions.iter().find(|p| p.kind == flash::TYPE_APP) {
            put(app.offset, &flash::application(profile));
        }
        Self::of_flash(Path::new("the board's own image"), bytes, size)
    }

    /// A firmware file, as it is flashed at 0x1000, or a whole flash that starts with one.
    ///
    /// # Errors
    /// If it is none of an ESP32, or the flash has no room for files.
    pub fn on_firmware(path: &Path, size: u32) -> Result<Self, ImageError> {
        let file = std::fs::read(path).map_err(io(path))?;
        let bytes = Self::whole_flash(path, file)?;
        let loader = bytes.get(LOADER_AT as usize..).unwrap_or_default();
        let chip = loader.get(CHIP_AT..CHIP_AT + 2).map(|b| u16::from_le_bytes([b[0], b[1]]));
        if loader.first() != Some(&MAGIC) {
            return Err(ImageError::NotAnImage(path.to_owned()));
        }
        if chip != Some(ESP32) {
            return Err(ImageError::OtherChip(path.to_owned()));
        }
        let table = flash::read_table(&bytes[TABLE_AT as usize..]);
        if let Some(app) = table.iter().find(|p| p.kind == flash::TYPE_APP)
            && bytes.get(app.offset as usize) != Some(&MAGIC)
        {
            return Err(ImageError::Short { path: path.to_owned(), at: app.offset });
        }
        Self::of_flash(path, bytes, size)
    }

    /// The flash from its first byte on.
    fn whole_flash(path: &Path, file: Vec<u8>) -> Result<Vec<u8>, ImageError> {
        if has_table(&file, TABLE_AT) {
            Ok(file)
        } else if has_table(&file, TABLE_AT - LOADER_AT) {
            let mut bytes = vec![0xff; LOADER_AT as usize];
            bytes.extend_from_slice(&file);
            Ok(bytes)
        } else if flash::description(&file).is_some() {
            Err(ImageError::OnlyApplication(path.to_owned()))
        } else {
            Err(ImageError::NotAnImage(path.to_owned()))
        }
    }

    fn of_flash(path: &Path, mut bytes: Vec<u8>, size: u32) -> Result<Self, ImageError> {
        let table = flash::read_table(&bytes[TABLE_AT as usize..]);
        let app = table.iter().find(|p| p.kind == flash::TYPE_APP).map_or(0, |p| p.offset);
        let version = bytes
            .get(app as usize..)
            .and_then(flash::description)
            .map(|(version, _)| version.trim_start_matches('v').to_owned());
        let end = table.iter().map(|p| p.offset.saturating_add(p.size)).max().unwrap_or(0);
        let no_room = ImageError::NoRoom { end, size };
        let (files, is_old) = files_of(table, size);
        let Some(files) = files else { return Err(no_room) };
        let (start, end) =
            (files.offset, files.offset.saturating_add(files.size / SECTOR * SECTOR));
        if start >= end || end > size || bytes.len() > size as usize {
            return Err(no_room);
        }
        bytes.resize(size as usize, 0xff);
        let files = start as usize..end as usize;
        Ok(Self { path: path.to_owned(), bytes, files, version, is_old })
    }

    /// An image with files: of a whole flash, one for 0x1000, or a file system alone.
    ///
    /// # Errors
    /// If it is none.
    pub fn open(path: &Path) -> Result<Self, ImageError> {
        let mut file = std::fs::read(path).map_err(io(path))?;
        if FileSystem::mount(&mut file).is_ok() {
            let files = 0..file.len() / SECTOR as usize * SECTOR as usize;
            let path = path.to_owned();
            return Ok(Self { path, bytes: file, files, version: None, is_old: false });
        }
        let bytes = Self::whole_flash(path, file)?;
        let size = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        Self::of_flash(path, bytes, size).map_err(|e| match e {
            ImageError::NoRoom { .. } => ImageError::NoFiles(path.to_owned()),
            e => e,
        })
    }

    /// The file system that this firmware makes; FAT where it does not read today's littlefs.
    fn own_kind(&self) -> Kind {
        let mut numbers = self.version.iter().flat_map(|v| v.split(['.', '-'])).map(str::parse);
        let is_before = match (numbers.next(), numbers.next()) {
            (Some(Ok(major)), Some(Ok(minor))) => (major, minor) < LITTLEFS_SINCE,
            _ => false,
        };
        if self.is_old || is_before { Kind::Fat } else { Kind::Littlefs }
    }

    /// Makes the file system and puts files on it; says how many files and bytes.
    ///
    /// # Errors
    /// If they do not fit, or the firmware would not read such a file system.
    pub fn pack(
        &mut self,
        kind: Option<Kind>,
        sources: &[Source],
    ) -> Result<(usize, u64), ImageError> {
        let own = self.own_kind();
        if own == Kind::Fat && kind == Some(Kind::Littlefs) {
            let version = self.version.clone().unwrap_or_else(|| "1.11".into());
            return Err(ImageError::TooOldForLittlefs(version));
        }
        let room = self.files.len() as u32;
        let (start, size) = (self.files.start as u32, self.bytes.len() as u32);
        let files = &mut self.bytes[self.files.clone()];
        let mut fs = FileSystem::format(kind.unwrap_or(own), files)
            .map_err(|_| ImageError::NoRoom { end: start, size })?;
        let (mut count, mut total) = (0, 0);
        for source in sources {
            for (path, file) in gather(source)? {
                let failed = |errno| match errno {
                    28 => ImageError::TooMuch { path: path.clone(), room },
                    errno => ImageError::Name { path: path.clone(), errno },
                };
                match file {
                    None => fs.make_dir(&path).map_err(failed)?,
                    Some(file) => {
                        let content = std::fs::read(&file).map_err(io(&file))?;
                        fs.write(&path, &content).map_err(failed)?;
                        count += 1;
                        total += content.len() as u64;
                    }
                }
            }
        }
        Ok((count, total))
    }

    fn files(&mut self) -> Result<FileSystem<'_>, ImageError> {
        FileSystem::mount(&mut self.bytes[self.files.clone()])
            .map_err(|_| ImageError::NoFiles(self.path.clone()))
    }

    /// All files and directories, by path.
    ///
    /// # Errors
    /// If there is no file system, or a damaged one.
    pub fn list(&mut self) -> Result<Vec<Entry>, ImageError> {
        let path = self.path.clone();
        self.files()?.list().map_err(|errno| ImageError::Damaged { path, errno })
    }

    /// The content of a file.
    ///
    /// # Errors
    /// If it is not there.
    pub fn read(&mut self, path: &str) -> Result<Vec<u8>, ImageError> {
        let rooted = format!("/{}", path.trim_start_matches('/'));
        let image = self.path.clone();
        self.files()?.read(&rooted).map_err(|errno| match errno {
            2 | 20 | 21 => ImageError::NoFile { path: path.into() },
            errno => ImageError::Damaged { path: image, errno },
        })
    }

    /// Writes all files into a folder; says how many.
    ///
    /// # Errors
    /// If a name on the image would lead elsewhere, or the folder cannot be written.
    pub fn extract(&mut self, folder: &Path) -> Result<usize, ImageError> {
        let entries = self.list()?;
        let is_safe = |name: &str| !matches!(name, "" | "." | "..") && !name.contains(['\\', '\0']);
        if let Some(e) = entries.iter().find(|e| !e.path[1..].split('/').all(is_safe)) {
            return Err(ImageError::Unsafe(e.path.clone()));
        }
        std::fs::create_dir_all(folder).map_err(io(folder))?;
        let mut count = 0;
        for e in entries {
            let to = folder.join(&e.path[1..]);
            if e.is_dir {
                std::fs::create_dir_all(&to).map_err(io(&to))?;
            } else {
                std::fs::write(&to, self.read(&e.path)?).map_err(io(&to))?;
                count += 1;
            }
        }
        Ok(count)
    }

    /// The flash, from an address on.
    pub fn from(&self, at: u32) -> &[u8] {
        self.bytes.get(at as usize..).unwrap_or_default()
    }
}

/// The files of a source: path on the board, and the file here; nothing for a directory. What starts
/// with a dot, and Python's own caches, stay here.
fn gather(source: &Source) -> Result<Vec<(String, Option<PathBuf>)>, ImageError> {
    let to = source.to.clone().unwrap_or_default();
    let to = to.trim_end_matches('/');
    if !source.from.is_dir() {
        let name = source.from.file_name().unwrap_or_default().to_string_lossy();
        let is_folder = source.to.as_ref().is_none_or(|t| t.ends_with('/'));
        let path = if is_folder { format!("{to}/{name}") } else { to.to_owned() };
        return Ok(vec![(path, Some(source.from.clone()))]);
    }
    let (mut waiting, mut all) = (vec![(source.from.clone(), to.to_owned())], Vec::new());
    while let Some((folder, to)) = waiting.pop() {
        if !to.is_empty() {
            all.push((to.clone(), None));
        }
        for entry in std::fs::read_dir(&folder).map_err(io(&folder))? {
            let path = entry.map_err(io(&folder))?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name.starts_with('.') || name == "__pycache__" {
                continue;
            }
            let inside = format!("{to}/{name}");
            if path.is_dir() {
                waiting.push((path, inside));
            } else {
                all.push((inside, Some(path)));
            }
        }
    }
    all.sort();
    Ok(all)
}

//! The flash chip of a board as an image file: every write is in the file at once.

use coil_board::outside::{Flash, FlashError};
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// An image file, kept open and locked.
#[derive(Debug)]
pub struct FileFlash {
    file: File,
    len: u32,
}

impl FileFlash {
    /// Opens an image, or makes an erased one, which is never there half.
    ///
    /// # Errors
    /// If the file cannot be opened, is in use, or has another size than the chip.
    pub fn open(path: &Path, len: u32) -> io::Result<Self> {
        if std::fs::metadata(path).is_ok_and(|m| m.is_file() && m.len() == 0) || !path.exists() {
            let new = path.with_extension("new");
            std::fs::write(&new, vec![0xff; len as usize])?;
            std::fs::rename(&new, path)?;
        }
        let file = OpenOptions::new().read(true).write(true).open(path)?;
        file.try_lock()
            .map_err(|_| io::Error::new(io::ErrorKind::ResourceBusy, "in use by another coil"))?;
        let size = file.metadata()?.len();
        if size != u64::from(len) {
            let text = format!("the image has {size} bytes, the board's flash {len}");
            return Err(io::Error::new(io::ErrorKind::InvalidData, text));
        }
        Ok(Self { file, len })
    }

    fn check(&self, at: u32, len: usize) -> Result<(), FlashError> {
        if u64::from(at) + len as u64 <= u64::from(self.len) {
            Ok(())
        } else {
            Err(FlashError::Range)
        }
    }
}

impl Flash for FileFlash {
    fn len(&self) -> u32 {
        self.len
    }

    fn read(&mut self, at: u32, into: &mut [u8]) -> Result<(), FlashError> {
        self.check(at, into.len())?;
        self.file.read_exact_at(into, u64::from(at)).map_err(|_| FlashError::Io)
    }

    fn program(&mut self, at: u32, bytes: &[u8]) -> Result<(), FlashError> {
        self.check(at, bytes.len())?;
        let mut cells = vec![0; bytes.len()];
        self.read(at, &mut cells)?;
        cells.iter_mut().zip(bytes).for_each(|(c, b)| *c &= b);
        self.file.write_all_at(&cells, u64::from(at)).map_err(|_| FlashError::Io)
    }

    fn erase(&mut self, at: u32, len: u32) -> Result<(), FlashError> {
        self.check(at, len as usize)?;
        self.file.write_all_at(&vec![0xff; len as usize], u64::from(at)).map_err(|_| FlashError::Io)
    }
}

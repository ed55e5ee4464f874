//! An SD card as an image file: every write is in the file at once.

use coil_board::outside::bus::{SECTOR_BYTES, SdCard};
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// An image file, kept open and locked.
#[derive(Debug)]
pub struct FileCard {
    file: File,
    sectors: u32,
}

impl FileCard {
    /// Opens an image.
    ///
    /// # Errors
    /// If the file cannot be opened, is in use, or does not consist of whole sectors.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).open(path)?;
        file.try_lock()
            .map_err(|_| io::Error::new(io::ErrorKind::ResourceBusy, "in use by another coil"))?;
        let size = file.metadata()?.len();
        let sectors = u32::try_from(size / SECTOR_BYTES as u64).unwrap_or(0);
        if sectors == 0 || size % SECTOR_BYTES as u64 != 0 {
            let text = format!("the image has {size} bytes, a card has sectors of {SECTOR_BYTES}");
            return Err(io::Error::new(io::ErrorKind::InvalidData, text));
        }
        Ok(Self { file, sectors })
    }
}

impl SdCard for FileCard {
    fn sectors(&self) -> u32 {
        self.sectors
    }

    fn read(&mut self, sector: u32, into: &mut [u8]) -> bool {
        self.file.read_exact_at(into, u64::from(sector) * SECTOR_BYTES as u64).is_ok()
    }

    fn write(&mut self, sector: u32, from: &[u8]) -> bool {
        self.file.write_all_at(from, u64::from(sector) * SECTOR_BYTES as u64).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_in_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("card.img");
        std::fs::write(&path, vec![0; 4 * SECTOR_BYTES]).unwrap();
        let mut card = FileCard::open(&path).unwrap();
        assert_eq!(card.sectors(), 4);
        assert!(card.write(3, &[7; SECTOR_BYTES]) && FileCard::open(&path).is_err());
        drop(card);
        assert_eq!(std::fs::read(&path).unwrap()[3 * SECTOR_BYTES..], [7; SECTOR_BYTES]);
        let mut sector = [0; SECTOR_BYTES];
        assert!(FileCard::open(&path).unwrap().read(3, &mut sector) && sector[0] == 7);
    }

    #[test]
    fn a_file_of_another_size_is_no_card() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("card.img");
        for size in [0, 1, SECTOR_BYTES + 1] {
            std::fs::write(&path, vec![0; size]).unwrap();
            assert!(FileCard::open(&path).is_err());
        }
        assert!(FileCard::open(&dir.path().join("none")).is_err());
    }
}

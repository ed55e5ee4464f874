//! The controller of the flash chip, as far as tools ask through it who the chip is and set its status.

/// Registers, in words.
const WORDS: usize = 64;
const CMD: usize = 0;
const ADDR: usize = 1;
const USER2: usize = 9;
/// The first of the words that go in and out.
const W0: usize = 32;

/// Starts what the other registers say; zero again when it is done.
const EXECUTE: u32 = 1 << 18;

/// "SFDP": what a chip with a table of its properties starts it with.
const SFDP: u32 = 0x5044_4653;
/// Where the table names its maker.
const SFDP_MAKER: u32 = 0x10;
/// The type of serial flash that most makers use with their code.
const KIND: u32 = 0x40;

/// The controller, with the chip behind it.
#[derive(Debug)]
pub(super) struct Spi {
    words: [u32; WORDS],
    /// The status registers of the chip.
    status: [u8; 3],
    maker: u32,
    /// The power of two of its bytes.
    size: u32,
}

impl Spi {
    pub(super) fn new(maker: u8, bytes: u32) -> Self {
        let size = bytes.max(1).ilog2();
        Self { words: [0; WORDS], status: [0; 3], maker: maker.into(), size }
    }

    /// The register at so many bytes from the first.
    pub(super) fn read(&self, at: u32) -> u32 {
        self.words.get(at as usize / 4).copied().unwrap_or(0)
    }

    /// Stores in a register; what it starts is done at once.
    pub(super) fn write(&mut self, at: u32, word: u32) {
        let at = at as usize / 4;
        if at == CMD {
            if word & EXECUTE != 0 {
                self.execute();
            }
        } else if let Some(register) = self.words.get_mut(at) {
            *register = word;
        }
    }

    fn execute(&mut self) {
        let sent = self.words[W0].to_le_bytes();
        let result = match self.words[USER2] & 0xff {
            0x9f => self.size << 16 | KIND << 8 | self.maker,
            0x5a => match self.words[ADDR] >> 8 {
                0 => SFDP,
                SFDP_MAKER => self.maker,
                _ => 0,
            },
            0x05 => self.status[0].into(),
            0x35 => self.status[1].into(),
            0x15 => self.status[2].into(),
            0x01 => {
                [self.status[0], self.status[1]] = [sent[0], sent[1]];
                return;
            }
            0x31 => {
                self.status[1] = sent[0];
                return;
            }
            0x11 => {
                self.status[2] = sent[0];
                return;
            }
            // Leave to write, resets, sleep: nothing comes back.
            _ => return,
        };
        self.words[W0] = result;
    }
}

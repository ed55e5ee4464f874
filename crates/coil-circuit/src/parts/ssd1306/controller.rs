//! The display's chip: its commands, its memory of 128 by 64 dots, and what of it is seen.

use alloc::vec::Vec;

/// Columns, and pages of eight lines.
const WIDTH: usize = 128;
const PAGES: usize = 8;
const LINES: usize = 64;

/// How the address goes on after a byte of content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// Along a page, then to the next.
    Horizontal,
    /// From page to page, then to the next column.
    Vertical,
    /// Along the page, and again.
    Page,
}

/// The chip.
#[derive(Debug)]
pub(super) struct Controller {
    memory: [u8; WIDTH * PAGES],
    /// A command that is waiting for its arguments, and those that it has got.
    command: [u8; 7],
    arguments: usize,
    wanted: usize,
    mode: Mode,
    column: usize,
    page: usize,
    /// The part of the memory that the first two modes write to.
    columns: (usize, usize),
    pages: (usize, usize),
    /// The first column in the third mode.
    start_column: usize,
    start_line: usize,
    offset: usize,
    /// Lines that are driven.
    lines: usize,
    mirrors_columns: bool,
    mirrors_lines: bool,
    is_inverted: bool,
    is_all_on: bool,
    pub(super) is_on: bool,
    pub(super) has_charge: bool,
    pub(super) contrast: u8,
}

impl Default for Controller {
    fn default() -> Self {
        Self {
            memory: [0; WIDTH * PAGES],
            command: [0; 7],
            arguments: 0,
            wanted: 0,
            mode: Mode::Page,
            column: 0,
            page: 0,
            columns: (0, WIDTH - 1),
            pages: (0, PAGES - 1),
            start_column: 0,
            start_line: 0,
            offset: 0,
            lines: LINES,
            mirrors_columns: false,
            mirrors_lines: false,
            is_inverted: false,
            is_all_on: false,
            is_on: false,
            has_charge: false,
            contrast: 0x7f,
        }
    }
}

/// How many arguments a command has.
const fn arguments(command: u8) -> usize {
    match command {
        0x20 | 0x81 | 0x8d | 0xa8 | 0xad | 0xd3 | 0xd5 | 0xd9 | 0xda | 0xdb => 1,
        0x21 | 0x22 | 0xa3 => 2,
        0x26 | 0x27 => 6,
        0x29 | 0x2a => 5,
        _ => 0,
    }
}

impl Controller {
    /// Takes a byte of a command.
    pub(super) fn command(&mut self, byte: u8) {
        if self.wanted == 0 {
            self.command[0] = byte;
            self.arguments = 0;
            self.wanted = arguments(byte);
        } else {
            self.arguments += 1;
            self.command[self.arguments] = byte;
            self.wanted -= 1;
        }
        if self.wanted == 0 {
            self.obey();
        }
    }

    fn obey(&mut self) {
        let [command, a, b, ..] = self.command;
        let low = usize::from(command & 0x0f);
        match command {
            0x00..=0x0f => {
                self.start_column = self.start_column & 0x70 | low;
                self.column = self.start_column;
            }
            0x10..=0x1f => {
                self.start_column = (self.start_column & 0x0f | low << 4) % WIDTH;
                self.column = self.start_column;
            }
            0x20 => {
                self.mode = match a & 3 {
                    0 => Mode::Horizontal,
                    1 => Mode::Vertical,
                    _ => Mode::Page,
                };
            }
            0x21 => {
                self.columns = (usize::from(a & 0x7f), usize::from(b & 0x7f));
                self.column = self.columns.0;
            }
            0x22 => {
                self.pages = (usize::from(a & 7), usize::from(b & 7));
                self.page = self.pages.0;
            }
            0x40..=0x7f => self.start_line = usize::from(command & 0x3f),
            0x81 => self.contrast = a,
            0x8d => self.has_charge = a & 4 != 0,
            0xa0 | 0xa1 => self.mirrors_columns = command & 1 != 0,
            0xa4 | 0xa5 => self.is_all_on = command & 1 != 0,
            0xa6 | 0xa7 => self.is_inverted = command & 1 != 0,
            // Fewer than 16 lines cannot be.
            0xa8 if a & 0x3f >= 15 => self.lines = usize::from(a & 0x3f) + 1,
            0xae | 0xaf => self.is_on = command & 1 != 0,
            0xb0..=0xb7 => self.page = usize::from(command & 7),
            0xc0..=0xcf => self.mirrors_lines = command & 8 != 0,
            0xd3 => self.offset = usize::from(a & 0x3f),
            // What sets currents, clocks and scrolling changes nothing in the memory.
            _ => {}
        }
    }

    /// Takes a byte of content.
    pub(super) fn store(&mut self, byte: u8) {
        self.memory[self.page * WIDTH + self.column] = byte;
        let next = |at: usize, (first, last): (usize, usize), count: usize| {
            if at == last { (first, true) } else { ((at + 1) % count, false) }
        };
        match self.mode {
            Mode::Horizontal => {
                let (column, is_over) = next(self.column, self.columns, WIDTH);
                self.column = column;
                if is_over {
                    self.page = next(self.page, self.pages, PAGES).0;
                }
            }
            Mode::Vertical => {
                let (page, is_over) = next(self.page, self.pages, PAGES);
                self.page = page;
                if is_over {
                    self.column = next(self.column, self.columns, WIDTH).0;
                }
            }
            Mode::Page => {
                let (column, is_over) = next(self.column, (0, WIDTH - 1), WIDTH);
                self.column = if is_over { self.start_column } else { column };
            }
        }
    }

    /// Whether a dot of a display of so many lines lights. Displays are built in so that the picture
    /// is upright with columns and lines mirrored, as all drivers have them.
    fn is_lit(&self, height: usize, x: usize, y: usize) -> bool {
        let row = height - 1 - y;
        if row >= self.lines {
            return false;
        }
        if self.is_all_on {
            return true;
        }
        let line = if self.mirrors_lines { self.lines - 1 - row } else { row };
        let line = (line + self.start_line + self.offset) % LINES;
        let column = if self.mirrors_columns { x } else { WIDTH - 1 - x };
        let bit = self.memory[line / 8 * WIDTH + column] >> (line % 8) & 1 != 0;
        bit != self.is_inverted
    }

    /// What is seen of it on a display of so many lines.
    pub(super) fn image(&self, height: usize) -> Vec<u8> {
        let mut image = alloc::vec![0; WIDTH / 8 * height];
        if self.is_on && self.has_charge {
            for (n, byte) in image.iter_mut().enumerate() {
                let (x, y) = (n % (WIDTH / 8) * 8, n / (WIDTH / 8));
                *byte = (0..8).fold(0, |b, dot| b << 1 | u8::from(self.is_lit(height, x + dot, y)));
            }
        }
        image
    }
}

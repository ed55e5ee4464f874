//! A clock with a battery on I2C: DS3231.

use super::i2c_module;
use crate::part::{Context, Element, Kind, Part, Setting, Sort};
use crate::value::Value;
use alloc::boxed::Box;
use alloc::format;
use alloc::vec::Vec;
use coil_board::outside::bus::I2cDevice;

/// `ds3231`
pub(super) static KIND: Kind = Kind {
    name: "ds3231",
    title: "DS3231 real-time clock",
    text: "Goes on while the board is off. Registers 0 to 6 are seconds, minutes, hours, day of the week \
           (1 to 7), day, month and year, each two decimal digits in four bits each; write them to set it. \
           Registers 0x11 and 0x12 are its temperature, in degrees and quarters. Bit 7 of register 0x0f \
           says that the time was never set. Its alarms can be written and read but do not go off. The \
           resistors of the bus are built in.",
    picture: "ds3231",
    pins: i2c_module::PINS,
    settings: &[
        Setting {
            name: "time",
            is_fixed: false,
            sort: Sort::Int(0, CENTURY - 1, 0),
            text: "Its time when it is set from outside, in seconds since the first moment of 2000 (as \
                   `time.time()` counts); 0 for a battery that was just put in.",
        },
        Setting {
            name: "temperature",
            is_fixed: false,
            sort: Sort::Number(-40.0, 85.0, 25.0),
            text: "In degrees Celsius.",
        },
    ],
    shows: &[("time", "Its time when it was set or read last, as `2000-01-01 00:00:00`.")],
    make: |settings| {
        let mut chip = Chip::new(settings.number("temperature"));
        chip.set(settings.int("time"));
        Box::new(Ds3231 { chip })
    },
};

const ADDRESS: u16 = 0x68;
/// Days of a century that starts with a leap year: the years that it knows.
const CENTURY_DAYS: i64 = 36525;
const DAY: i64 = 86_400;
const CENTURY: i64 = CENTURY_DAYS * DAY;
/// Registers: the time's, the control's, the status's, the temperature's, and how many there are.
const TIME: usize = 7;
const CONTROL: usize = 0x0e;
const STATUS: usize = 0x0f;
const TEMPERATURE: usize = 0x11;
const COUNT: usize = 0x13;
/// The bit of the status that says that it has stood still, and the one of an output that is not here.
const STOPPED: u8 = 0x80;
const HAS_32_KHZ: u8 = 0x08;
/// Bits of the hours: counted to twelve, and past noon.
const TWELVE: u8 = 0x40;
const PAST_NOON: u8 = 0x20;
/// The day of the week of the first of January 2000 (a Saturday), where Monday is 1.
const FIRST_WEEKDAY: i64 = 6;

struct Ds3231 {
    chip: Chip,
}

struct Chip {
    registers: [u8; COUNT],
    /// Seconds since 2000 at a moment of the board's time.
    seconds: i64,
    since_ns: u64,
    now_ns: u64,
    /// What the day of the week is ahead of the calendar's.
    weekday_ahead: i64,
    counts_to_twelve: bool,
    at: usize,
    is_new: bool,
}

const fn bcd(n: i64) -> u8 {
    (n / 10 * 16 + n % 10) as u8
}

const fn number(bcd: u8) -> i64 {
    (bcd >> 4) as i64 * 10 + (bcd & 0xf) as i64
}

/// Days before a month, counted from 0, in a year since 2000.
fn days_before(year: i64, month: i64) -> i64 {
    let leap = i64::from(year % 4 == 0 && month > 1);
    [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334][month.clamp(0, 11) as usize] + leap
}

/// Year since 2000, month and day, both counted from 0.
fn date(days: i64) -> (i64, i64, i64) {
    // Four years at a time; the first of them is the leap year.
    let (fours, rest) = (days / 1461, days % 1461);
    let year = if rest < 366 { 0 } else { 1 + (rest - 366) / 365 };
    let day = if year == 0 { rest } else { (rest - 366) % 365 };
    let month = (0..12).rev().find(|m| days_before(year, *m) <= day).unwrap_or(0);
    (4 * fours + year, month, day - days_before(year, month))
}

impl Chip {
    fn new(celsius: f64) -> Self {
        let mut chip = Self {
            registers: [0; COUNT],
            seconds: 0,
            since_ns: 0,
            now_ns: 0,
            weekday_ahead: 1 - FIRST_WEEKDAY,
            counts_to_twelve: false,
            at: 0,
            is_new: false,
        };
        chip.registers[CONTROL] = 0x1c;
        chip.registers[STATUS] = STOPPED | HAS_32_KHZ;
        chip.warm(celsius);
        chip
    }

    fn warm(&mut self, celsius: f64) {
        let quarters = libm::round(celsius * 4.0) as i16;
        self.registers[TEMPERATURE..][..2].copy_from_slice(&(quarters << 6).to_be_bytes());
    }

    /// Sets it from outside, as somebody did who had it before; 0 leaves a clock that was never set.
    fn set(&mut self, seconds: i64) {
        (self.seconds, self.since_ns) = (seconds, self.now_ns);
        if seconds == 0 {
            self.registers[STATUS] |= STOPPED;
        } else {
            self.registers[STATUS] &= !STOPPED;
            self.weekday_ahead = 0;
        }
    }

    fn now(&self) -> i64 {
        let passed = self.now_ns.saturating_sub(self.since_ns) / 1_000_000_000;
        self.seconds.saturating_add_unsigned(passed) % CENTURY
    }

    /// Puts the time into its registers, as it is when a transfer starts.
    fn latch(&mut self) {
        let now = self.now();
        let (days, second) = (now / DAY, now % DAY);
        let (year, month, day) = date(days);
        let weekday = (days + FIRST_WEEKDAY - 1 + self.weekday_ahead).rem_euclid(7) + 1;
        let hour = second / 3600;
        let hours = if self.counts_to_twelve {
            TWELVE | if hour >= 12 { PAST_NOON } else { 0 } | bcd((hour + 11) % 12 + 1)
        } else {
            bcd(hour)
        };
        let (minutes, seconds) = (bcd(second / 60 % 60), bcd(second % 60));
        let date = [weekday as u8, bcd(day + 1), bcd(month + 1), bcd(year)];
        self.registers[..3].copy_from_slice(&[seconds, minutes, hours]);
        self.registers[3..TIME].copy_from_slice(&date);
    }

    /// Goes on from what was written into the registers of the time.
    fn unlatch(&mut self) {
        let [seconds, minutes, hours, weekday, day, month, year, ..] = self.registers;
        self.counts_to_twelve = hours & TWELVE != 0;
        let hour = if self.counts_to_twelve {
            number(hours & 0x1f) % 12 + if hours & PAST_NOON != 0 { 12 } else { 0 }
        } else {
            number(hours & 0x3f)
        };
        let (year, month) = (number(year) % 100, number(month & 0x1f).clamp(1, 12) - 1);
        let days =
            year * 365 + (year + 3) / 4 + days_before(year, month) + number(day & 0x3f).max(1) - 1;
        let second = hour * 3600 + number(minutes & 0x7f) * 60 + number(seconds & 0x7f);
        self.seconds = (days * DAY + second).rem_euclid(CENTURY);
        self.since_ns = self.now_ns;
        let calendar = (days + FIRST_WEEKDAY - 1).rem_euclid(7) + 1;
        self.weekday_ahead = i64::from(weekday & 7) - calendar;
    }
}

impl I2cDevice for Chip {
    fn start(&mut self, read: bool) -> bool {
        self.is_new = !read;
        self.latch();
        true
    }

    fn write(&mut self, byte: u8) -> bool {
        if core::mem::take(&mut self.is_new) {
            self.at = usize::from(byte) % COUNT;
            return true;
        }
        match self.at {
            // What has stopped can be told once; it cannot be made to have stopped.
            STATUS => {
                let stopped = self.registers[STATUS] & byte & STOPPED;
                self.registers[STATUS] = stopped | byte & HAS_32_KHZ;
            }
            TEMPERATURE.. => {}
            at => self.registers[at] = byte,
        }
        if self.at < TIME {
            self.unlatch();
        }
        self.at = (self.at + 1) % COUNT;
        true
    }

    fn read(&mut self) -> u8 {
        let byte = self.registers[self.at];
        self.at = (self.at + 1) % COUNT;
        byte
    }
}

impl Ds3231 {
    fn show(&self, cx: &mut Context<'_>) {
        let now = self.chip.now();
        let (year, month, day) = date(now / DAY);
        let (hour, minute, second) = (now % DAY / 3600, now % 3600 / 60, now % 60);
        let (month, day) = (month + 1, day + 1);
        cx.show(
            "time",
            format!("20{year:02}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"),
        );
    }
}

impl Part for Ds3231 {
    fn elements(&self) -> Vec<Element> {
        i2c_module::elements()
    }

    fn start(&mut self, cx: &mut Context<'_>) {
        self.show(cx);
    }

    fn set(&mut self, cx: &mut Context<'_>, name: &str, value: &Value) {
        self.chip.now_ns = cx.now_ns();
        match (name, value) {
            ("time", Value::Int(seconds)) => self.chip.set(*seconds),
            _ => self.chip.warm(value.as_number().unwrap_or_default()),
        }
        self.show(cx);
    }

    fn attend(&mut self, cx: &mut Context<'_>) {
        self.chip.now_ns = cx.now_ns();
    }

    fn served(&mut self, cx: &mut Context<'_>) {
        self.show(cx);
    }

    fn i2c(&mut self, address: u16) -> Option<&mut dyn I2cDevice> {
        (address == ADDRESS).then_some(&mut self.chip)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_its_century_is_itself_again() {
        let mut chip = Chip::new(25.0);
        for day in 0..CENTURY_DAYS {
            chip.set(day * DAY + 43_200);
            chip.latch();
            chip.unlatch();
            assert_eq!(chip.now(), day * DAY + 43_200);
        }
        assert_eq!(date(CENTURY_DAYS - 1), (99, 11, 30));
    }
}

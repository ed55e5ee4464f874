//! The arithmetic behind printing and reading floats, for each precision.

use super::extended::Extended;
use core::f64::consts::LOG10_2;

/// What the text of floats needs to know of a precision.
pub(crate) trait Machine {
    /// Digits of a mantissa at most.
    const MAX_DIGITS: i32;
    /// Digits that are always right.
    const SAFE_DIGITS: i32;
    /// Length of the longest number with one digit.
    const SHORTEST: i32;
    /// A mantissa from which on further digits are left out when reading.
    const MANTISSA_MAX: u64;
    /// Whether it computes with more bits than its numbers have.
    const EXACT: bool;

    /// A first guess at the decimal exponent, from the binary one.
    fn estimate(f: f64) -> i32;
    /// `10^e`
    fn power_of_ten(e: i32) -> f64;
    /// So many digits of a number as an integer, given the power of ten that makes them one.
    fn mantissa(f: f64, decexp: i32, digits: i32) -> u64;
    /// `mantissa * 10^exp`
    fn scaled(mantissa: u64, exp: i32) -> f64;
    /// `a - b`
    fn difference(a: f64, b: f64) -> f64;
    /// Reads a number that was just printed.
    fn read(text: &[u8]) -> f64
    where
        Self: Sized,
    {
        super::text::parse_as::<Self>(text).map_or(f64::NAN, |r| r.0)
    }
}

/// Single precision, as on the chip.
#[derive(Debug)]
pub(crate) struct Single;

impl Single {
    /// `num * 10^n`, by a power of five and a shift of the exponent, which wraps.
    fn times_ten_to(num: f32, n: i32) -> f32 {
        if n == 0 || num == 0.0 {
            return num;
        }
        let bits = num.to_bits();
        let exp = (bits >> 23).wrapping_add(n as u32) & 0xff;
        let shifted = f32::from_bits(bits & 0x807f_ffff | exp << 23);
        if (-10..0).contains(&n) {
            shifted / libm::powf(5.0, -n as f32)
        } else {
            shifted * libm::powf(5.0, n as f32)
        }
    }
}

impl Machine for Single {
    const MAX_DIGITS: i32 = 9;
    const SAFE_DIGITS: i32 = 6;
    const SHORTEST: i32 = 6;
    const MANTISSA_MAX: u64 = 0x1999_9998;
    const EXACT: bool = false;

    fn estimate(f: f64) -> i32 {
        let exp = ((f as f32).to_bits() >> 23 & 0xff) as i32 - 127;
        (exp as f32 * LOG10_2 as f32) as i32
    }

    fn power_of_ten(e: i32) -> f64 {
        f64::from(Self::times_ten_to(1.0, e))
    }

    fn mantissa(f: f64, mut decexp: i32, digits: i32) -> u64 {
        let mut factor = 1u32;
        if digits > Self::SAFE_DIGITS && decexp > 1 {
            (factor, decexp) = if digits > Self::SAFE_DIGITS + 1 && decexp > 2 {
                (100, decexp - 2)
            } else {
                (10, decexp - 1)
            };
        }
        let scaled = Self::times_ten_to(f as f32, decexp) + 0.5;
        u64::from(factor.wrapping_mul(scaled as u32))
    }

    fn scaled(mantissa: u64, exp: i32) -> f64 {
        f64::from(Self::times_ten_to(mantissa as f32, exp))
    }

    fn difference(a: f64, b: f64) -> f64 {
        f64::from(a as f32 - b as f32)
    }
}

/// Double precision, as on a desktop.
#[derive(Debug)]
pub(crate) struct Double;

impl Machine for Double {
    const MAX_DIGITS: i32 = 19;
    const SAFE_DIGITS: i32 = 16;
    const SHORTEST: i32 = 7;
    const MANTISSA_MAX: u64 = 0x1999_9999_9999_9998;
    const EXACT: bool = true;

    fn estimate(f: f64) -> i32 {
        let exp = (f.to_bits() >> 52 & 0x7ff) as i32 - 1023;
        (f64::from(exp) * LOG10_2) as i32
    }

    fn power_of_ten(e: i32) -> f64 {
        Extended::ONE.times_ten_to(e).to_f64()
    }

    fn mantissa(f: f64, decexp: i32, _digits: i32) -> u64 {
        Extended::from_f64(f).times_ten_to(decexp).rounded()
    }

    fn scaled(mantissa: u64, exp: i32) -> f64 {
        Extended::from_u64(mantissa).times_ten_to(exp).to_f64()
    }

    fn difference(a: f64, b: f64) -> f64 {
        a - b
    }
}

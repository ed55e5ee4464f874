//! Floats with 64 bits of precision: what the reference computes with when it prints and reads
//! doubles. Only positive numbers.

/// `mant * 2^exp`; the top bit of the mantissa is set unless the number is zero or tiny.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extended {
    mant: u64,
    exp: i32,
}

const INFINITE: i32 = i32::MAX;
/// Exponent of the last bit of the smallest numbers.
const MIN_EXP: i32 = -16445;
/// Exponent of the last bit of the largest numbers.
const MAX_EXP: i32 = 16383 - 63;

impl Extended {
    const ZERO: Self = Self { mant: 0, exp: 0 };
    const INF: Self = Self { mant: 1 << 63, exp: INFINITE };
    pub(crate) const ONE: Self = Self { mant: 1 << 63, exp: -63 };
    const TEN: Self = Self { mant: 10 << 60, exp: -60 };

    /// Exactly an integer.
    pub(crate) fn from_u64(n: u64) -> Self {
        if n == 0 {
            return Self::ZERO;
        }
        let shift = n.leading_zeros();
        Self { mant: n << shift, exp: -(shift as i32) }
    }

    /// Exactly a finite double that is not negative.
    pub(crate) fn from_f64(f: f64) -> Self {
        let bits = f.to_bits();
        let (e, m) = ((bits >> 52 & 0x7ff) as i32, bits & ((1 << 52) - 1));
        let (m, e) = if e == 0 { (m, -1074) } else { (m | 1 << 52, e - 1075) };
        let n = Self::from_u64(m);
        Self { exp: n.exp + e, ..n }
    }

    /// `p * 2^exp`, rounded to nearest, ties to even; `sticky` says there was more behind.
    fn round(p: u128, exp: i32, sticky: bool) -> Self {
        if p == 0 {
            return Self::ZERO;
        }
        let mut shift = 64 - p.leading_zeros() as i32;
        shift = shift.max(MIN_EXP - exp);
        if shift <= 0 {
            let up = -shift;
            return Self { mant: (p as u64) << up, exp: exp - up };
        }
        if shift > 127 {
            return Self::ZERO;
        }
        let (mut m, rest, half) = (p >> shift, p & ((1 << shift) - 1), 1u128 << (shift - 1));
        if rest > half || rest == half && (sticky || m & 1 == 1) {
            m += 1;
        }
        let (m, e) = if m >> 64 != 0 { (m >> 1, exp + shift + 1) } else { (m, exp + shift) };
        if e > MAX_EXP { Self::INF } else { Self { mant: m as u64, exp: e } }
    }

    fn normal(self) -> Self {
        if self.mant == 0 || self.exp == INFINITE {
            return self;
        }
        let up = self.mant.leading_zeros();
        Self { mant: self.mant << up, exp: self.exp - up as i32 }
    }

    fn mul(self, other: Self) -> Self {
        if self.exp == INFINITE || other.exp == INFINITE {
            return Self::INF;
        }
        Self::round(u128::from(self.mant) * u128::from(other.mant), self.exp + other.exp, false)
    }

    fn div(self, other: Self) -> Self {
        if self.exp == INFINITE {
            return Self::INF;
        }
        if other.exp == INFINITE || self.mant == 0 {
            return Self::ZERO;
        }
        let (a, b) = (self.normal(), other.normal());
        let (n, d) = (u128::from(a.mant) << 64, u128::from(b.mant));
        let rest = (n % d) << 2;
        Self::round(((n / d) << 2) | (rest / d), a.exp - b.exp - 66, rest % d != 0)
    }

    /// `self * 10^n`, by the multiplications that the reference makes.
    pub(crate) fn times_ten_to(self, n: i32) -> Self {
        if n == 0 || self.mant == 0 {
            return self;
        }
        let (mut left, mut power, mut result) = (n.unsigned_abs(), Self::TEN, self);
        while left != 0 {
            if left & 1 == 1 {
                result = if n < 0 { result.div(power) } else { result.mul(power) };
            }
            left >>= 1;
            if left != 0 {
                power = power.mul(power);
            }
        }
        result
    }

    /// The nearest double.
    pub(crate) fn to_f64(self) -> f64 {
        if self.mant == 0 {
            return 0.0;
        }
        let n = self.normal();
        let e = n.exp.saturating_add(63);
        if n.exp == INFINITE || e > 1023 {
            return f64::INFINITY;
        }
        let shift = if e >= -1022 { 11 } else { 11 + (-1022 - e) };
        if shift > 64 {
            return 0.0;
        }
        let p = u128::from(n.mant);
        let (mut m, rest, half) = (p >> shift, p & ((1 << shift) - 1), 1u128 << (shift - 1));
        if rest > half || rest == half && m & 1 == 1 {
            m += 1;
        }
        let biased = if e >= -1022 { (e + 1022) as u64 } else { 0 };
        // A carry out of the mantissa moves the exponent up by itself.
        f64::from_bits((biased << 52) + m as u64)
    }

    /// `(self + 0.5)` cut to an integer.
    pub(crate) fn rounded(self) -> u64 {
        if self.mant == 0 {
            return 0;
        }
        let n = self.normal();
        if n.exp > 0 {
            return u64::MAX;
        }
        let wide = u128::from(n.mant);
        let up = 63 + n.exp;
        let scaled = if up >= 0 { wide << up } else { wide >> (-up).min(127) };
        // Scaled by 2^63, so that a half is 2^62.
        let sum = scaled + (1 << 62);
        let drop = 64 - sum.leading_zeros().min(64);
        if drop == 0 {
            return (sum >> 63) as u64;
        }
        let (mut m, rest, half) = (sum >> drop, sum & ((1 << drop) - 1), 1u128 << (drop - 1));
        if rest > half || rest == half && m & 1 == 1 {
            m += 1;
        }
        ((m << drop) >> 63) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_survive_the_way_through() {
        for f in [1.0, 0.1, 1e308, 5e-324, 2.2e-308, 123_456.789, f64::MAX, f64::MIN_POSITIVE] {
            assert_eq!(Extended::from_f64(f).to_f64(), f);
        }
        assert_eq!(Extended::from_u64(0).to_f64(), 0.0);
        assert_eq!(Extended::from_u64(u64::MAX).to_f64(), u64::MAX as f64);
    }

    #[test]
    fn powers_of_ten_are_right_and_bounded() {
        for (n, f) in [
            (0, 1.0),
            (3, 1e3),
            (22, 1e22),
            (300, 1e300),
            (-5, 1e-5),
            (-300, 1e-300),
            (-320, 1e-320),
        ] {
            assert_eq!(Extended::ONE.times_ten_to(n).to_f64(), f, "10^{n}");
        }
        assert_eq!(Extended::ONE.times_ten_to(i32::MAX).to_f64(), f64::INFINITY);
        assert_eq!(Extended::ONE.times_ten_to(i32::MIN + 1).to_f64(), 0.0);
        assert_eq!(Extended::from_f64(1.5).rounded(), 2);
        assert_eq!(Extended::from_f64(0.49).rounded(), 0);
        assert_eq!(Extended::from_f64(1e15).rounded(), 1_000_000_000_000_000);
    }
}

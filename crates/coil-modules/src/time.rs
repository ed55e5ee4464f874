//! `time`: clocks, sleeping, calendars. The epoch is 2000-01-01.

use alloc::vec::Vec;
use coil_vm::rom::{Args, ModuleDef, def};
use coil_vm::{Res, Value, Vm};

/// `time`
pub static MODULE: ModuleDef = ModuleDef {
    name: "time",
    items: &[
        def("gmtime(seconds=)", calendar),
        def("localtime(seconds=)", calendar),
        def("mktime(tuple)", mktime),
        def("time()", |vm, _| {
            let s = wall_us(vm).div_euclid(1_000_000);
            vm.new_int(s)
        }),
        def("time_ns()", |vm, _| {
            let ns = wall_us(vm).saturating_mul(1000);
            vm.new_int(ns)
        }),
        def("sleep(seconds)", |vm, a| {
            let v = vm.arg(a, 0);
            let us = vm.expect_float(v)? * 1e6;
            sleep(vm, us)
        }),
        def("sleep_ms(ms)", |vm, a| {
            let ms = vm.expect_int(vm.arg(a, 0))?;
            sleep(vm, ms as f64 * 1e3)
        }),
        def("sleep_us(us)", |vm, a| {
            let us = vm.expect_int(vm.arg(a, 0))?;
            sleep(vm, us as f64)
        }),
        def("ticks_ms()", |vm, _| Ok(ticks(up_us(vm) / 1000))),
        def("ticks_us()", |vm, _| Ok(ticks(up_us(vm)))),
        def("ticks_cpu()", |vm, _| Ok(ticks(up_us(vm) * 160))),
        def("ticks_add(ticks, delta)", |vm, a| {
            let (t, d) = (vm.expect_int(vm.arg(a, 0))?, vm.expect_int(vm.arg(a, 1))?);
            if !(-PERIOD / 2 + 1..PERIOD / 2).contains(&d) {
                return Err(
                    vm.raise_args(coil_vm::types::OVERFLOW_ERROR, "ticks interval overflow")
                );
            }
            Ok(ticks((t + d) as u64))
        }),
        def("ticks_diff(a, b)", |vm, a| {
            let (x, y) = (vm.expect_int(vm.arg(a, 0))?, vm.expect_int(vm.arg(a, 1))?);
            Ok(Value::int((x - y + PERIOD / 2).rem_euclid(PERIOD) - PERIOD / 2))
        }),
    ],
    attr: None,
};

/// Ticks wrap here: the largest power of two whose half fits a small int of the device.
const PERIOD: i64 = 1 << 30;

fn ticks(t: u64) -> Value {
    Value::int((t as i64) & (PERIOD - 1))
}

/// The real-time clock, in microseconds since 2000: time since power on, moved by what was set.
#[derive(Debug, Default)]
pub struct WallClock {
    /// Microseconds between the epoch and power on.
    pub offset_us: i64,
    /// Microseconds between power on and the moment that ticks are counted from.
    pub ticks_from_us: u64,
}

/// Microseconds that ticks have counted.
fn up_us(vm: &mut Vm) -> u64 {
    let from = vm.state::<WallClock>().ticks_from_us;
    vm.port.now_us().saturating_sub(from)
}

/// Microseconds since 2000-01-01.
pub fn wall_us(vm: &mut Vm) -> i64 {
    let offset = vm.state::<WallClock>().offset_us;
    offset.saturating_add(vm.port.now_us() as i64)
}

/// Sets the real-time clock.
pub fn set_wall_us(vm: &mut Vm, us: i64) {
    let now = vm.port.now_us() as i64;
    vm.state::<WallClock>().offset_us = us - now;
}

fn sleep(vm: &mut Vm, us: f64) -> Res {
    let until = vm.port.now_us().saturating_add(us.max(0.0) as u64);
    vm.sleep_until(until)?;
    Ok(Value::NONE)
}

/// Days from 2000-01-01 to a date.
fn days_before(year: i64, month: i64, day: i64) -> i64 {
    // Counted from March, so that the leap day comes last.
    let (y, m) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let era = y.div_euclid(400);
    let yoe = y.rem_euclid(400);
    let doy = (153 * m + 2) / 5 + day - 1;
    era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 730_425
}

/// Year, month, day, hour, minute, second, weekday (Monday 0), day of the year.
pub fn civil(seconds: i64) -> [i64; 8] {
    let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let z = days + 730_425;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let m = (5 * doy + 2) / 153;
    let day = doy - (153 * m + 2) / 5 + 1;
    let month = if m < 10 { m + 3 } else { m - 9 };
    let year = yoe + era * 400 + i64::from(month <= 2);
    let yearday = days - days_before(year, 1, 1) + 1;
    [year, month, day, rest / 3600, rest / 60 % 60, rest % 60, (days + 5).rem_euclid(7), yearday]
}

/// Seconds since 2000-01-01 of a date; months and everything below may be out of range.
pub fn seconds_of(year: i64, month: i64, day: i64, hour: i64, minute: i64, second: i64) -> i64 {
    let (year, month) = (year + (month - 1).div_euclid(12), (month - 1).rem_euclid(12) + 1);
    days_before(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
}

fn calendar(vm: &mut Vm, args: Args) -> Res {
    let v = vm.arg(args, 0);
    let seconds = if v.is_null() || v == Value::NONE {
        wall_us(vm).div_euclid(1_000_000)
    } else {
        match vm.as_float(v) {
            Some(f) => f as i64,
            None => vm.expect_long(v)?,
        }
    };
    let fields: Vec<Value> =
        civil(seconds.clamp(-1 << 40, 1 << 40)).into_iter().map(Value::int).collect();
    vm.new_tuple(&fields)
}

fn mktime(vm: &mut Vm, args: Args) -> Res {
    let items = vm.collect_iterable(vm.arg(args, 0))?;
    if items.len() < 8 || items.len() > 9 {
        return Err(vm.type_error("mktime needs a tuple of length 8 or 9"));
    }
    let mut n = [0; 6];
    for (n, v) in n.iter_mut().zip(items) {
        *n = vm.expect_int(v)?;
    }
    vm.new_int(seconds_of(n[0], n[1], n[2], n[3], n[4], n[5]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_seconds_are_each_other_s_inverse() {
        assert_eq!(civil(0), [2000, 1, 1, 0, 0, 0, 5, 1]);
        assert_eq!(civil(946_684_800)[..3], [2029, 12, 31]);
        for s in (-4_000_000_000..8_000_000_000).step_by(12_345_677) {
            let [y, mo, d, h, mi, se, _, _] = civil(s);
            assert_eq!(seconds_of(y, mo, d, h, mi, se), s);
        }
        assert_eq!(seconds_of(2024, 14, 1, 0, 0, 0), seconds_of(2025, 2, 1, 0, 0, 0));
    }
}

//! What older firmware had and the current one has not, or has otherwise: rows that a profile names.

use super::machine::{I2C_2019, adc_2019, dht_readinto, neopixel_write, pwm_2019};
use crate::chip::{self, Chip};
use coil_vm::Value;
use coil_vm::rom::{Item, ModuleDef, def};

/// A module or type, and the row.
pub(super) static ROWS: &[(&str, &str, Item)] = &[
    // Bit 2 of a pull holds the pin as it is.
    ("machine.Pin", "PULL_HOLD", Item::Int("PULL_HOLD", 4)),
    ("machine", "ADC", Item::Type("ADC", &adc_2019::ADC)),
    ("machine", "PWM", Item::Type("PWM", &pwm_2019::PWM)),
    ("machine", "I2C", Item::Type("I2C", &I2C_2019)),
    // What `machine` has since.
    ("esp", "dht_readinto", def("dht_readinto(pin, buffer)", dht_readinto)),
    ("esp", "neopixel_write", def("neopixel_write(pin, data, timing)", neopixel_write)),
    (
        "esp32",
        "hall_sensor",
        def("hall_sensor()", |vm, _| {
            chip::poll(vm)?;
            // The sensor is read through the first and the fourth input of the converter.
            let now = vm.port.now_us();
            let [a, b] = [36, 39].map(|gpio| i64::from(Chip::of(vm).microvolts(now, gpio)));
            Ok(Value::int((a - b) / 1000))
        }),
    ),
];

/// Whole modules.
pub(super) static MODULES: &[&ModuleDef] = &[&coil_modules::deflate::uzlib::MODULE];

/// Linux' error numbers, as the firmware had them before it took newlib's.
pub(super) static ERRNO: &[(&str, i64)] = &[
    ("EPERM", 1),
    ("ENOENT", 2),
    ("EIO", 5),
    ("EBADF", 9),
    ("EAGAIN", 11),
    ("ENOMEM", 12),
    ("EACCES", 13),
    ("EEXIST", 17),
    ("ENODEV", 19),
    ("EISDIR", 21),
    ("EINVAL", 22),
    ("EOPNOTSUPP", 95),
    ("EADDRINUSE", 98),
    ("ECONNABORTED", 103),
    ("ECONNRESET", 104),
    ("ENOBUFS", 105),
    ("ENOTCONN", 107),
    ("ETIMEDOUT", 110),
    ("ECONNREFUSED", 111),
    ("EHOSTUNREACH", 113),
    ("EALREADY", 114),
    ("EINPROGRESS", 115),
];

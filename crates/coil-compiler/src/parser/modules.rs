//! Constants of modules that the compiler puts in place of `module.name`.

use crate::bytecode::Const;

/// Error numbers by name, as in the `errno` module: newlib's.
pub const ERRNO: &[(&str, i64)] = &[
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
    ("EADDRINUSE", 112),
    ("ECONNABORTED", 113),
    ("ECONNRESET", 104),
    ("ENOBUFS", 105),
    ("ENOTCONN", 128),
    ("ETIMEDOUT", 116),
    ("ECONNREFUSED", 111),
    ("EHOSTUNREACH", 118),
    ("EALREADY", 120),
    ("EINPROGRESS", 119),
];

/// The value of `module.name` if it is such a constant.
pub(super) fn constant(module: &str, name: &str) -> Option<Const> {
    match (module, name) {
        ("math", "pi") => Some(Const::Float(core::f64::consts::PI)),
        ("math", "e") => Some(Const::Float(core::f64::consts::E)),
        ("math", "tau") => Some(Const::Float(core::f64::consts::TAU)),
        ("math", "inf") => Some(Const::Float(f64::INFINITY)),
        ("math", "nan") => Some(Const::Float(f64::NAN)),
        ("errno", name) => {
            ERRNO.iter().find(|(n, _)| *n == name).map(|&(_, value)| Const::Int(value))
        }
        _ => None,
    }
}

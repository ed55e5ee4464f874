//! Error numbers and their names, as the current firmware prints them (newlib's numbers).

/// Number and name, as in the `errno` module.
pub const TABLE: &[(&str, i64)] = &[
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
    ("ECONNRESET", 104),
    ("ENOBUFS", 105),
    ("ECONNREFUSED", 111),
    ("EADDRINUSE", 112),
    ("ECONNABORTED", 113),
    ("ETIMEDOUT", 116),
    ("EHOSTUNREACH", 118),
    ("EINPROGRESS", 119),
    ("EALREADY", 120),
    ("ENOTCONN", 128),
];

/// The name of an error number.
pub fn name(number: i64) -> Option<&'static str> {
    TABLE.iter().find(|e| e.1 == number).map(|e| e.0)
}

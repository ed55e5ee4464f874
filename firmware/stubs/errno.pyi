"""Names of the numbers in OSError."""

EPERM: int
"""This is not allowed."""
ENOENT: int
"""There is no such file, folder or device."""
EIO: int
"""The device does not answer, or answers wrongly."""
EBADF: int
"""This is closed already."""
EAGAIN: int
"""Nothing is there now; try again later."""
ENOMEM: int
"""There is not enough memory."""
EACCES: int
"""Access is denied."""
EEXIST: int
"""There is one of this name already."""
ENODEV: int
"""There is no such device."""
EISDIR: int
"""This is a folder."""
EINVAL: int
"""An argument does not fit."""
EOPNOTSUPP: int
"""This is not supported."""
EADDRINUSE: int
"""The port is taken already."""
ECONNABORTED: int
"""The connection was broken off."""
ECONNRESET: int
"""The other end broke the connection off."""
ENOBUFS: int
"""There is no room for more packets."""
ENOTCONN: int
"""There is no connection."""
ETIMEDOUT: int
"""There was no answer in time."""
ECONNREFUSED: int
"""Nobody listens at this port."""
EHOSTUNREACH: int
"""There is no way to this address."""
EALREADY: int
"""This is going on already."""
EINPROGRESS: int
"""It was begun and goes on."""

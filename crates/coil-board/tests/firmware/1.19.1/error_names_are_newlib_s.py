import errno, socket

print(errno.ETIMEDOUT, errno.EINPROGRESS, errno.EHOSTUNREACH)
for n in (104, 113, 116, 118, 128):
    print(OSError(n))
try:
    socket.getaddrinfo("pool.ntp.org", 123)
except OSError as e:
    print(repr(e))

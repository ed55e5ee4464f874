import errno, uerrno

print(errno.ETIMEDOUT, uerrno.EINPROGRESS, errno.EHOSTUNREACH, errno.ECONNABORTED)
# The network's own numbers are newlib's: ECONNABORTED is told by a wrong name, others by none.
for n in (2, 5, 11, 12, 104, 110, 113, 116, 23, 128):
    print(OSError(n))
print(errno.errorcode[110])

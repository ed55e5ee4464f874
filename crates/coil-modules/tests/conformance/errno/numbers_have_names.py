import errno
print(errno.EPERM, errno.ENOENT, errno.EIO, errno.EINVAL, errno.errorcode[errno.ENOENT], errno.EAGAIN in errno.errorcode)
try:
    raise OSError(errno.ENOENT)
except OSError as e:
    print(e, e.errno, repr(e))

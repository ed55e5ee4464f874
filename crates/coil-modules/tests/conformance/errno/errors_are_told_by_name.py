# errno: names and numbers; how an OSError shows its number.
import errno
for n in (errno.ENOENT, errno.EIO, errno.EBADF, errno.EAGAIN, errno.ENOMEM, errno.EACCES, errno.EEXIST, errno.ENODEV, errno.EISDIR, errno.EINVAL, errno.EPERM):
    e = OSError(n)
    print(n, errno.errorcode[n], e, repr(e), e.errno, e.args, "[%s]" % e)
for e in (OSError(0), OSError(-1), OSError(-2), OSError(77777), OSError(2, "text"), OSError(2, "a", "b"), OSError("2"), OSError(2.0), OSError(True), OSError(None), OSError()):
    try:
        print(e, repr(e), e.errno, e.args)
    except Exception as x:
        print(type(x).__name__, x)
class Mine(OSError):
    pass
print(Mine(2), repr(Mine(2)), Mine(2).errno, isinstance(Mine(2), OSError), 2 in errno.errorcode, 12345 in errno.errorcode)
for f in (lambda: errno.EFOO, lambda: errno.errorcode[12345], lambda: OSError(2).strerror, lambda: OSError(2).filename):
    try:
        print(f())
    except Exception as x:
        print(type(x).__name__, x)
try:
    errno.errorcode[1] = "x"
except Exception as x:
    print(type(x).__name__, x)

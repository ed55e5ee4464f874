import io, sys, vfs


class File(io.IOBase):
    def __init__(self, data, size):
        self.data, self.size = data, size

    def readinto(self, buf):
        n = min(len(buf), len(self.data))
        buf[:n] = self.data[:n]
        self.data = self.data[n:]
        return n

    def ioctl(self, request, arg):
        print("ioctl", request)
        if request == 11:
            return self.size
        return 0


class Fs:
    def __init__(self, files):
        self.files = files
        self.size = 0

    def mount(self, readonly, mkfs):
        pass

    def umount(self):
        pass

    def stat(self, path):
        if path in self.files:
            return (0x8000,) + (0,) * 9
        if any(f.startswith(path + "/") for f in self.files):
            return (0x4000,) + (0,) * 9
        raise OSError(2)

    def open(self, path, mode):
        print("open", path, mode)
        return File(self.files[path], self.size)


fs = Fs(
    {
        "/one_m.py": b"print('one', __file__, __name__)\nx = 1\n" + b"# padding\n" * 30,
        "/pack_m/__init__.py": b"print('pack', __path__)\nfrom . import inner\n",
        "/pack_m/inner.py": b"print('inner', __name__)\n",
        "/bad_m.py": b"this is bad\n",
        "/raises_m.py": b"1/0\n",
    }
)
vfs.mount(fs, "/mnt")
sys.path.append("/mnt")
import one_m

print(one_m.x)
fs.size = 100
import pack_m.inner

for name in ("bad_m", "raises_m", "none_m"):
    try:
        __import__(name)
    except Exception as e:
        print(type(e).__name__, e if name == "none_m" else "", name in sys.modules)
fs.size = 5000
del sys.modules["one_m"]
import one_m

sys.path.pop()
vfs.umount(fs)

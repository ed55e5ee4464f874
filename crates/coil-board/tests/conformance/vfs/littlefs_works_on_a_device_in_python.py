import vfs


class Ram:
    def __init__(self, blocks, size):
        self.size = size
        self.data = bytearray(blocks * size)
        self.erased = 0

    def readblocks(self, n, buf, off):
        at = n * self.size + off
        buf[:] = self.data[at : at + len(buf)]

    def writeblocks(self, n, buf, off):
        at = n * self.size + off
        self.data[at : at + len(buf)] = buf

    def ioctl(self, op, arg):
        if op == 4:
            return len(self.data) // self.size
        if op == 5:
            return self.size
        if op == 6:
            self.erased += 1
            at = arg * self.size
            self.data[at : at + self.size] = b"\xff" * self.size
            return 0


def names(fs, path="/"):
    return sorted((e[0], hex(e[1]), e[3] if e[1] == 0x8000 else None) for e in fs.ilistdir(path))


dev = Ram(32, 512)
vfs.VfsLfs2.mkfs(dev)
fs = vfs.VfsLfs2(dev, mtime=False)
print(dev.erased > 0, fs.statvfs("/"))
with fs.open("note.txt", "w") as f:
    print(f, f.write("one\ntwo\nthr"), f.write("ee"), f.tell())
with fs.open("note.txt", "r") as f:
    print(f.readline(), f.readline(2), f.read(), f.read())
with fs.open("note.txt", "r+") as f:
    print(f.seek(4), f.read(3), f.seek(-2, 2), f.write("EE!"), f.seek(0), list(f))
with fs.open("note.txt", "a") as f:
    f.write("\nend")
with fs.open("note.txt", "rb") as f:
    buf = bytearray(6)
    print(f, f.readinto(buf), buf, f.readinto(buf, 2), buf, f.readlines())
fs.mkdir("dir")
fs.mkdir("/dir/sub")
with fs.open("/dir/sub/deep", "wb") as f:
    f.write(bytes(range(256)) * 8)
fs.chdir("dir//sub/../sub")
print(fs.getcwd(), names(fs, "."), fs.stat("deep")[:7])
fs.rename("deep", "../moved")
fs.chdir("..")
print(fs.getcwd(), names(fs, ""), list(fs.ilistdir(b"sub")))
with fs.open("moved", "rb") as f:
    f.seek(1000)
    print(f.read(4), len(f.read()))
fs.chdir("/")
print(names(fs), fs.statvfs("/"))
for call in (
    lambda: fs.open("none", "r"),
    lambda: fs.open("note.txt", "x"),
    lambda: fs.open("dir", "r"),
    lambda: fs.open("note.txt", "rw"),
    lambda: fs.mkdir("dir"),
    lambda: fs.rmdir("dir"),
    lambda: fs.remove("none"),
    lambda: fs.chdir("note.txt"),
    lambda: fs.stat("dir/none/none"),
    lambda: fs.ilistdir("none"),
    lambda: fs.rename("none", "x"),
    lambda: f.read(1),
    lambda: f.write(b"x"),
):
    try:
        print(call())
    except (OSError, ValueError) as e:
        print(repr(e))
print(f.close())
fs.remove("/dir/moved")
fs.rmdir("dir/sub")
fs.rmdir("dir")
again = vfs.VfsLfs2(dev, mtime=False)
print(names(again), again.statvfs("")[3])

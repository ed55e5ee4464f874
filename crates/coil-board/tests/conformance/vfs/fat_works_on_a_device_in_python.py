import vfs


class Ram:
    def __init__(self, blocks):
        self.data = bytearray(blocks * 512)

    def readblocks(self, n, buf):
        buf[:] = self.data[n * 512 : n * 512 + len(buf)]

    def writeblocks(self, n, buf):
        self.data[n * 512 : n * 512 + len(buf)] = buf

    def ioctl(self, op, arg):
        if op == 4:
            return len(self.data) // 512
        if op == 5:
            return 512


def names(fs, path="/"):
    return sorted((e[0], hex(e[1]), e[3]) for e in fs.ilistdir(path))


def fails(call):
    try:
        print(call())
    except OSError as e:
        print(repr(e))


for blocks in (90, 400):
    dev = Ram(blocks)
    fs = vfs.VfsFat(dev)
    fails(lambda: fs.stat("x"))
    vfs.VfsFat.mkfs(dev)
    fs = vfs.VfsFat(dev)
    print(blocks, fs.statvfs("/"), dev.data[510:512], dev.data[54:62])
    with fs.open("small.txt", "w") as f:
        print(f.write("hello"), f.tell())
    with fs.open("A Long Name, with.dots", "wb") as f:
        f.write(b"0123456789" * 120)
    with fs.open("UPPER.TXT", "w") as f:
        pass
    print(names(fs), b"SMALL   TXT" in dev.data, b"ALONGN~1DOT" in dev.data)
    print(fs.stat("SMALL.TXT")[:7], fs.stat("a long name, WITH.dots")[6])
    with fs.open("a long name, with.dots", "r+b") as f:
        print(f.seek(511), f.read(4), f.seek(-3, 2), f.write(b"END!"), f.tell(), f.seek(600), f.read(2))
        print(f.seek(1300), f.write(b"gap"), f.seek(1195), f.read(10))
    print(fs.statvfs("/")[2:5])
    fs.mkdir("dir")
    fs.mkdir("dir/sub")
    fs.chdir("dir/sub")
    print(fs.getcwd())
    for i in range(20):
        with fs.open("file number %d" % i, "w") as f:
            f.write(str(i))
    print(len(list(fs.ilistdir("."))), fs.statvfs("/")[3])
    fs.rename("file number 7", "/dir/seven")
    fs.rename("/dir/sub", "/moved")
    fs.chdir("..")
    print(fs.getcwd(), names(fs, "/dir"), len(list(fs.ilistdir("/moved"))))
    for i in range(20):
        if i != 7:
            fs.remove("/moved/FILE number %d" % i)
    with fs.open("/small.txt", "a") as f:
        f.write(" again")
    with fs.open("/small.txt", "r") as f:
        print(f.read(), f.seek(3), f.read(3), f.seek(100), f.read())
    with fs.open("/other", "w") as f:
        f.write("new")
    fs.rename("/other", "/small.txt")
    with fs.open("/small.txt", "r") as f:
        print(f.readlines())
    fs.chdir("/")
    for call in (
        lambda: fs.open("none", "r"),
        lambda: fs.open("small.txt", "x"),
        lambda: fs.open("dir", "w"),
        lambda: fs.open("bad*name", "w"),
        lambda: fs.open("none/file", "w"),
        lambda: fs.mkdir("dir"),
        lambda: fs.rmdir("dir"),
        lambda: fs.rmdir("small.txt"),
        lambda: fs.remove("dir"),
        lambda: fs.remove("none"),
        lambda: fs.chdir("small.txt"),
        lambda: fs.stat("dir/none"),
        lambda: fs.stat("none/none"),
        lambda: fs.ilistdir("none"),
        lambda: fs.rename("none", "x"),
        lambda: fs.rename("small.txt", "dir"),
        lambda: f.read(1),
        lambda: f.tell(),
    ):
        fails(call)
    print(f.close())
    before = fs.statvfs("/")[3]
    f = fs.open("full", "wb")
    try:
        while True:
            f.write(bytes(700))
    except OSError as e:
        print(repr(e), fs.statvfs("/")[3])
    f.close()
    fs.remove("full")
    print(fs.statvfs("/")[3] == before)
    for n in ("small.txt", "A Long Name, with.dots", "upper.txt", "dir/seven", "dir", "moved"):
        (fs.rmdir if n in ("dir", "moved") else fs.remove)(n)
    again = vfs.VfsFat(dev)
    print(names(again), again.statvfs("/")[2:5])

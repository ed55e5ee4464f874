import vfs


class Ram:
    def __init__(self, blocks):
        self.data = bytearray(blocks * 512)
        self.answer = 0
        self.broken = None

    def readblocks(self, n, buf, off=0):
        if self.broken:
            raise self.broken
        buf[:] = self.data[n * 512 + off : n * 512 + off + len(buf)]
        return self.answer

    def writeblocks(self, n, buf, off=0):
        self.data[n * 512 + off : n * 512 + off + len(buf)] = buf
        return self.answer

    def ioctl(self, op, arg):
        if op == 4:
            return len(self.data) // 512
        if op == 5:
            return 512
        if op == 6:
            return 0


def tries(call):
    try:
        print(call())
    except Exception as e:
        print(type(e).__name__, e)


for kind in (vfs.VfsLfs2, vfs.VfsFat):
    dev = Ram(50)
    kind.mkfs(dev)
    fs = kind(dev)
    with fs.open("f", "w") as f:
        f.write("content" * 200)
    for answer, broken in ((-5, None), (3, None), ("text", None), (0, KeyError("mine")), (0, None)):
        dev.answer, dev.broken = answer, broken
        tries(lambda: len(list(fs.ilistdir())))
        tries(lambda: fs.stat("f")[6])
        tries(lambda: kind(dev) is None)
    print(fs.open("f", "r").read(7))

tries(lambda: vfs.VfsFat(None))
tries(lambda: vfs.VfsLfs2.mkfs(Ram(1)))
tries(lambda: vfs.VfsFat.mkfs(Ram(21)))


class Small:
    def readblocks(self, n, buf, off=0):
        buf[:] = bytes(len(buf))


tries(lambda: vfs.VfsFat(Small()))
tries(lambda: vfs.mount(Small(), "/small"))


class ReadOnly:
    def __init__(self, ram):
        self.ram = ram

    def readblocks(self, *args):
        self.ram.readblocks(*args)

    def ioctl(self, op, arg):
        return self.ram.ioctl(op, arg)


dev.answer, dev.broken = 0, None
ram = dev
vfs.VfsFat.mkfs(ram)
fs = vfs.VfsFat(ReadOnly(ram))
tries(lambda: fs.open("f", "w"))
tries(lambda: fs.mkdir("d"))
print(list(fs.ilistdir()))

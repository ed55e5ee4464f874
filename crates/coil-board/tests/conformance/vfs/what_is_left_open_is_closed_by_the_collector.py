import gc, vfs


class Ram:
    def __init__(self, blocks):
        self.data = bytearray(blocks * 512)

    def readblocks(self, n, buf, off=0):
        at = n * 512 + off
        for i in range(len(buf)):
            buf[i] = self.data[at + i]

    def writeblocks(self, n, buf, off=0):
        at = n * 512 + off
        for i in range(len(buf)):
            self.data[at + i] = buf[i]

    def ioctl(self, op, arg):
        if op == 4:
            return len(self.data) // 512
        if op == 5:
            return 512
        if op == 6:
            return 0


def write(fs, i):
    fs.open("f%d" % i, "w").write("text %d" % i)


def look(fs):
    for e in fs.ilistdir("/"):
        return e


for kind in (vfs.VfsFat, vfs.VfsLfs2):
    dev = Ram(60)
    kind.mkfs(dev)
    fs = kind(dev)
    for i in range(6):
        write(fs, i)
        look(fs)
    for i in range(4):
        [[] for _ in range(100)]
        gc.collect()
    for i in range(4):
        with fs.open("f%d" % i, "r") as f:
            print(f.read())
    del fs
    gc.collect()
    gc.collect()
    print(len(list(kind(dev).ilistdir())))

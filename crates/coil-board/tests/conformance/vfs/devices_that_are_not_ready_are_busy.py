import vfs


class Device:
    def __init__(self, ready):
        self.ready = ready

    def readblocks(self, n, buf):
        buf[:] = bytes(len(buf))

    def writeblocks(self, n, buf):
        pass

    def ioctl(self, op, arg):
        return {1: self.ready, 4: 100, 5: 512}.get(op, 0)


for ready in -1, -16, 5:
    for f in vfs.VfsFat, lambda d: vfs.mount(d, "/x"), vfs.VfsFat.mkfs:
        try:
            print(f(Device(ready)))
        except OSError as e:
            print(ready, e)
print(vfs.VfsFat.mkfs(Device(0)), vfs.VfsFat.mkfs(Device(None)))

import os, vfs


class Fs:
    def __init__(self, name, chdir_fails=False):
        self.name, self.chdir_fails, self.cwd = name, chdir_fails, "/"

    def mount(self, readonly, mkfs):
        print(self.name, "mount", readonly, mkfs)

    def umount(self):
        print(self.name, "umount")

    def chdir(self, path):
        print(self.name, "chdir", path)
        if self.chdir_fails:
            raise OSError(2)
        self.cwd = path

    def getcwd(self):
        return self.cwd

    def ilistdir(self, path):
        return iter([(self.name, 0x8000, 0), (path, 0x8000, 0), (b"b" if isinstance(path, bytes) else "s", 0x4000, 0)])

    def stat(self, path):
        return (0x8000, path)

    def statvfs(self, path):
        return (self.name, path)

    def __getattr__(self, name):
        def method(*args):
            print(self.name, name, args)

        return method


def tries(call, *args):
    try:
        print(call(*args))
    except Exception as e:
        print(repr(e))


try:
    vfs.umount("/")
except OSError:
    pass
print(vfs.mount(), os.getcwd(), os.listdir(), os.stat("/")[0], os.statvfs("/")[:4])
tries(os.stat, "x")
tries(os.mkdir, "/")
tries(os.listdir, "/x")
a, b, r = Fs("a"), Fs("b"), Fs("r")
vfs.mount(b, "/a/b", readonly=True)
vfs.mount(a, "/a")
tries(vfs.mount, Fs("in a"), "/a/x")
vfs.mount(r, "/", mkfs=True)
vfs.mount(Fs("c", True), "/c")
print([p for _, p in vfs.mount()], vfs.mount()[0][0] is b)
tries(vfs.mount, Fs("again"), "/a")
tries(vfs.mount, Fs("below"), "/c/d")
tries(vfs.mount, Fs("root"), "/")
print(os.listdir("/"), os.listdir(), os.listdir(b"/a"))
print(os.stat("/a/x/y"), os.stat("/ab"), os.stat("x"), os.statvfs("/"), os.statvfs("/c"))
os.chdir("/a")
print(os.getcwd(), os.stat("x"), os.stat("/x"))
os.chdir("sub")
print(os.getcwd())
open("f", "wb")
open(file="/c/g")
os.mkdir("d")
tries(os.mkdir, "/a")
os.remove("r")
os.unlink("/c/u")
os.rmdir("/n/o")
os.rename("x", "y")
tries(os.rename, "/a/x", "/c/y")
tries(os.chdir, "/c/z")
print(os.getcwd())
os.chdir("/")
print(os.getcwd())
os.chdir("/a")
vfs.umount(a)
print(os.getcwd(), [p for _, p in vfs.mount()])
tries(vfs.umount, "/a")
tries(vfs.umount, a)
vfs.umount("/")
vfs.umount("/a/b")
vfs.umount("/c")
tries(vfs.mount, 1, "/x")
tries(vfs.mount, a)
tries(lambda: vfs.mount(a, "/x", bad=1))

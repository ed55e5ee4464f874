# The partition for files: unmounted, made anew as littlefs and as FAT, and mounted again.
import os
import vfs
from esp32 import Partition
from flashbdev import bdev

print(bdev.info()[:4], bdev.info()[4], bdev.ioctl(4, 0), bdev.ioctl(5, 0))
print(Partition.find(Partition.TYPE_DATA, label="vfs")[0].info() == bdev.info())
with open("old.txt", "w") as f:
    f.write("old")
os.umount("/")
print(os.listdir("/"))
for call in (lambda: os.umount("/"), lambda: open("old.txt"), lambda: os.mkdir("a")):
    try:
        call()
    except OSError as e:
        print(e.errno)
os.mount(bdev, "/flash")
print(os.listdir("/"), os.listdir("/flash"), os.stat("/flash/old.txt")[6])
try:
    os.mount(bdev, "/flash")
except OSError as e:
    print(e.errno)
os.umount("/flash")

vfs.VfsLfs2.mkfs(bdev)
vfs.mount(bdev, "/")
print(os.listdir(), os.statvfs("/"))
print(type(vfs.mount()[0][0]).__name__, vfs.mount()[0][1])
vfs.umount("/")
vfs.VfsFat.mkfs(bdev)
vfs.mount(bdev, "/")
print(os.listdir(), os.statvfs("/")[0], type(vfs.mount()[0][0]).__name__)
with open("a fat name.txt", "w") as f:
    f.write("x")
print(os.listdir())
vfs.umount("/")

# A read-only mount refuses every change.
vfs.VfsLfs2.mkfs(bdev)
vfs.mount(bdev, "/", readonly=True)
for call in (lambda: open("x", "w"), lambda: os.mkdir("a")):
    try:
        call()
    except OSError as e:
        print(e.errno)
vfs.umount("/")

# Only an erased flash is set up: anything else is left alone.
import inisetup
for n in range(2):
    bdev.ioctl(6, n)
print(inisetup.check_bootsec())
inisetup.setup()
print(os.listdir(), open("boot.py").readline())

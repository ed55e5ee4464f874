import esp32, os, vfs
from esp32 import Partition


def tries(call, *args):
    try:
        print(call(*args))
    except (OSError, ValueError, TypeError) as e:
        print(repr(e))


for p in Partition.find(Partition.TYPE_DATA) + Partition.find():
    print(p, p.info())
print(Partition.find(type=Partition.TYPE_DATA, subtype=2)[0].info()[4])
print(Partition.find(Partition.TYPE_APP, label="none"), Partition(Partition.RUNNING).info() == Partition(Partition.BOOT).info())
tries(Partition, "none")
tries(Partition, 7)
p = Partition("phy_init")
print(p.ioctl(1, 0), p.ioctl(4, 0), p.ioctl(5, 0), p.ioctl(6, 0), p.ioctl(99, 0))
buf = bytearray(8)
p.readblocks(0, buf)
print(buf)
p.writeblocks(0, b"\xf0\x0f", 2)
p.writeblocks(0, b"\x3c\x3c", 2)
p.readblocks(0, buf)
print(buf)
p.writeblocks(0, b"12345678" * 512)
p.readblocks(0, buf, 4088)
print(buf)
tries(p.readblocks, 1, buf)
tries(p.writeblocks, 0, b"x", 4096)
small = Partition("phy_init", 512)
print(small.ioctl(4, 0), small.ioctl(5, 0), small.ioctl(6, 0))
small.writeblocks(3, b"new!" * 128)
small.readblocks(2, buf, 508)
print(buf)
small.readblocks(3, buf, 508)
print(buf)
print(p.ioctl(6, 0))
small.readblocks(3, buf)
print(buf)
app = Partition(Partition.RUNNING)
tries(app.set_boot)
tries(app.get_next_update)
# The root is littlefs on the last partition, and any other one can hold a file system too.
print([(type(fs), at) for fs, at in vfs.mount()], os.statvfs("/")[:3])
vfs.VfsFat.mkfs(app)
vfs.mount(app, "/app")
with open("/app/file.txt", "w") as f:
    f.write("on the flash")
print(os.listdir("/app"), os.listdir("/"), open("/app/file.txt").read())
vfs.umount("/app")
tries(app.set_boot)
tries(Partition("nvs").set_boot)
tries(Partition.mark_app_valid_cancel_rollback)
print(all(len(r) == 4 and r[1] <= r[0] for r in esp32.idf_heap_info(esp32.HEAP_DATA)), esp32.idf_heap_info(-1))

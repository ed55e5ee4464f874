# What happens at a start without a file system: an erased flash gets one, anything else stays as it is.
import uos
from flashbdev import bdev

CORRUPT = """\
The filesystem appears to be corrupted. If you had important data there, you
may want to make a flash snapshot to try to recover it. Otherwise, perform
factory reprogramming of MicroPython firmware (completely erase flash, followed
by firmware programming).
"""

BOOT = """\
# This file is executed on every boot (including wake-boot from deepsleep)
#import esp
#esp.osdebug(None)
#import webrepl
#webrepl.start()
"""


def check_bootsec():
    first = bytearray(bdev.ioctl(5, 0))
    bdev.readblocks(0, first)
    if first.count(b"\xff") == len(first):
        return True
    fs_corrupted()


def fs_corrupted():
    import time

    while True:
        print(CORRUPT)
        time.sleep(3)


def setup():
    check_bootsec()
    print("Performing initial setup")
    uos.VfsLfs2.mkfs(bdev)
    fs = uos.VfsLfs2(bdev)
    uos.mount(fs, "/")
    with open("boot.py", "w") as f:
        f.write(BOOT)
    return fs

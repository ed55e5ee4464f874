# An SD card: blocks, and files on it.
from machine import SDCard
import os
import vfs

sd = SDCard(slot=2, sck=18, miso=19, mosi=23, cs=5)
print(sd.info())
vfs.VfsFat.mkfs(sd)
vfs.mount(sd, "/sd")
with open("/sd/note.txt", "w") as f:
    f.write("on the card")
print(os.listdir("/sd"), open("/sd/note.txt").read())
vfs.umount("/sd")
sd.deinit()

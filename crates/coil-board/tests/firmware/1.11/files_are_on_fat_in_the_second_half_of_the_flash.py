import os, flashbdev, esp

print(sorted(os.listdir("/")))
print(os.statvfs("/")[0], os.statvfs("/")[9])
print(open("boot.py").readline(), end="")
with open("note.txt", "w") as f:
    f.write("kept")
print(os.stat("NOTE.TXT")[6], flashbdev.bdev.ioctl(4, None), flashbdev.bdev.ioctl(5, None))
sector = bytearray(512)
esp.flash_read(0x200000, sector)
print(sector[54:57], sector[510:512] == b"\x55\xaa")

# The file system of the flash: its figures, and what happens when it is full.
import os
import vfs

print(os.statvfs("/"))
with open("kept.txt", "w") as f:
    f.write("kept")
print(os.statvfs("/")[2:5])
os.mkdir("dir")
print(os.statvfs("/")[2:5])
os.rmdir("dir")

block = bytes(4096)
written = 0
f = open("large.bin", "wb")
try:
    while True:
        f.write(block)
        written += 1
except OSError as e:
    print("OSError:", e, e.errno)
print(written > 480, os.statvfs("/")[3] < 4)
try:
    f.close()
except OSError as e:
    print("close:", e.errno)
print(open("kept.txt").read())
try:
    os.mkdir("more")
except OSError as e:
    print("mkdir:", e.errno)

os.remove("large.bin")
print(os.statvfs("/")[2:5])
with open("again.txt", "w") as f:
    f.write("there is room")
print(open("again.txt").read(), sorted(os.listdir()))

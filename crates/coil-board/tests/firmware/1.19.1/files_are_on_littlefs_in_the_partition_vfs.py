import os
from esp32 import Partition

print(Partition.find(Partition.TYPE_DATA, label="vfs"))
print(os.statvfs("/")[:3], sorted(os.listdir()))

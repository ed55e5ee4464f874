# Where the firmware's own file system is.

from esp32 import Partition

bdev = None
for bdev in Partition.find(Partition.TYPE_DATA, label="vfs"):
    break

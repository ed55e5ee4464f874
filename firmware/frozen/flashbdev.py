# `bdev`: the block device that the files are on. It is the partition `vfs`, or `ffat`, which has
# blocks of 512 bytes; None where there is neither.
from esp32 import Partition

bdev = None
for label, size in ("ffat", 512), ("vfs", 4096):
    found = Partition.find(Partition.TYPE_DATA, label=label, block_size=size)
    if found:
        bdev = found[0]
del label, size, found

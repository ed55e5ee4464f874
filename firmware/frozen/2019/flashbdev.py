# Where the firmware's own file system is: 2 MB from the middle of the flash on.
import esp


class FlashBdev:
    SEC_SIZE = 4096
    START_SEC = esp.flash_user_start() // SEC_SIZE

    def __init__(self, blocks=512):
        self.blocks = blocks

    def readblocks(self, n, buf):
        esp.flash_read((n + self.START_SEC) * self.SEC_SIZE, buf)

    def writeblocks(self, n, buf):
        esp.flash_erase(n + self.START_SEC)
        esp.flash_write((n + self.START_SEC) * self.SEC_SIZE, buf)

    def ioctl(self, op, arg):
        if op == 4:
            return self.blocks
        if op == 5:
            return self.SEC_SIZE


bdev = FlashBdev(2 * 1024 * 1024 // FlashBdev.SEC_SIZE)

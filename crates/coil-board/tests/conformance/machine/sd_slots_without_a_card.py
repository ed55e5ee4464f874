from machine import SDCard, SPI, Pin
import vfs


def tried(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


for slot in 0, 4, -1:
    tried(lambda: SDCard(slot=slot))
tried(lambda: SDCard(1))
tried(lambda: SDCard(slot=1, width=2))
tried(lambda: SDCard(slot=1, width=8))
tried(lambda: SDCard(slot=1, miso=4))
tried(lambda: SDCard(slot=1, cmd=15))
tried(lambda: SDCard(slot=2, cs=99))
tried(lambda: SDCard(slot=2, cs=34))
sd = SDCard()
print(sd)
tried(sd.info)
tried(lambda: sd.readblocks(0, bytearray(512)))
tried(lambda: sd.writeblocks(0, bytes(512)))
for op in range(7):
    tried(lambda: sd.ioctl(op, 0))
tried(lambda: vfs.mount(sd, "/sd"))
tried(lambda: vfs.VfsFat(sd))
sd.deinit()
sd.deinit()
# A slot with an SPI bus takes the controller.
sd = SDCard(slot=2, sck=18, mosi=23, miso=19, cs=5)
tried(lambda: SDCard(slot=2))
tried(lambda: SPI(2))
print(SPI(1))
tried(lambda: SDCard(slot=3))
sd.deinit()
print(SPI(2))
tried(lambda: SDCard(slot=2))

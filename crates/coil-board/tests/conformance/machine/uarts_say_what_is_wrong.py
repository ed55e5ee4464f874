from machine import UART, Pin


def tried(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


for n in (-1, 3, 100):
    tried(lambda: UART(n))
tried(lambda: UART())
tried(lambda: UART("1"))
# The console's belongs to the prompt.
tried(lambda: UART(0))
tried(lambda: UART(0, 9600, timeout_char=10))
tried(lambda: UART(0, rxbuf=1000))
tried(lambda: UART(1, 9600, 8, None, 1, 4))
tried(lambda: UART(1, speed=9600))
for bits in (4, 9, -1):
    tried(lambda: UART(1, bits=bits))
tried(lambda: UART(1, stop=3))
tried(lambda: UART(1, parity="even"))
tried(lambda: UART(1, invert=1))
tried(lambda: UART(1, flow=4))
# Pins that are none, and one that cannot send.
tried(lambda: UART(1, tx=24))
tried(lambda: UART(1, tx=-2))
tried(lambda: UART(1, rx="x"))
tried(lambda: UART(1, tx=Pin(34)))
tried(lambda: UART(1, tx=4, rx=Pin(34)))
# The driver's buffers are larger than the hardware's.
u = UART(2)
u.deinit()
tried(lambda: u.init(rxbuf=128))
tried(lambda: u.init(rxbuf=129, txbuf=128))
tried(lambda: u.init(rxbuf=129, txbuf=0))
# More silence than the hardware counts.
tried(lambda: u.init(115200, timeout_char=101))
tried(lambda: u.init(115200, timeout_char=102))
tried(lambda: u.init(115200, timeout_char=0))
tried(lambda: u.irq(1))
tried(lambda: u.irq(print, 4))
tried(lambda: u.irq(print, u.IRQ_RX, True))
tried(lambda: u.read(-2))
tried(lambda: u.write(1))
tried(lambda: u.readinto(b"bytes"))
u.deinit()
u.deinit()
tried(lambda: u.any())
tried(lambda: u.read())
tried(lambda: u.read(0))
tried(lambda: u.write(b"x"))
tried(lambda: u.write(b""))
tried(lambda: u.txdone())
tried(lambda: u.flush())
tried(lambda: u.sendbreak())

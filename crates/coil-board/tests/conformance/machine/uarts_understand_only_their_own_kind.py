# jumper: 4-16
# jumper: 17-5
from machine import UART


def send(text, **settings):
    """From the first to the second, and back."""
    b.init(**settings)
    a.write(text)
    b.write(text)
    a.flush()
    b.flush()
    print(settings, b.read(), a.read())


a = UART(1, 9600, tx=4, rx=5)
b = UART(2, 9600, tx=17, rx=16)
send("same")
send("same", baudrate=9700)
b.init(4800)
a.write("something else")
a.flush()
print(b.read() != b"something else")
b.init(9600)
send(b"\x01\x41\xc1", bits=7)
send(b"\x01\x41\xc1", bits=8, parity=1)
b.init(parity=None)
send("same", invert=0)
a.init(invert=UART.INV_TX)
b.init(invert=UART.INV_RX)
a.write("upside down")
a.flush()
print(b.read())
# On one pin everybody hears everybody.
a.init(invert=0, tx=4, rx=4)
b.init(invert=0, tx=-1, rx=16)
a.write("all")
a.flush()
print(a.read(), b.read())

# jumper: 4-16
# jumper: 18-19
from machine import UART, Pin
import time

a = UART(1, 9600, tx=4, rx=-1, cts=19, flow=UART.CTS)
# Nobody is there to let it go.
a.write("held")
for f in a.flush, a.sendbreak:
    try:
        f()
    except OSError as e:
        print(e)
print(a.txdone())
# A pin lets it go, and stops it.
b = UART(2, 9600, tx=-1, rx=16)
ready = Pin(18, Pin.OUT, value=1)
print(b.read())
ready(0)
time.sleep_ms(10)
print(b.read(), a.txdone())
ready(1)
a.write("again")
time.sleep_ms(10)
print(b.any())
ready(0)
a.flush()
print(b.read())
# The other UART lets it go as long as it has room: nothing is lost.
b.init(rts=18, flow=UART.RTS)
text = bytes(range(256)) * 3
written = a.write(text[:300])
time.sleep_ms(1000)
heard = b.any()
print(written, heard)
got = b""
while len(got) < 300:
    got += b.read() or b""
    time.sleep_ms(20)
print(got == text[:300], a.txdone())
a.write(text[:380])
time.sleep_ms(1000)
print(a.txdone(), b.any())
for i in range(20):
    got += b.read() or b""
    time.sleep_ms(20)
print(got == text[:300] + text[:380], a.txdone())
# A pin that the program takes is no longer the UART's.
ready = Pin(18, Pin.OUT, value=1)
a.write("held")
time.sleep_ms(50)
print(a.txdone(), b.any(), ready())

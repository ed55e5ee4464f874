import esp, dht, machine, micropython, framebuf, math
from machine import Pin
from neopixel import NeoPixel

n = NeoPixel(Pin(5), 2)
n[1] = (1, 2, 3)
n.write()
print(n.buf, n[1], n.timing)
esp.neopixel_write(Pin(5), b"abc", 0)
d = dht.DHT11(Pin(4))
try:
    d.measure()
except OSError as e:
    print(e)
print([hasattr(machine, name) for name in ("bitstream", "dht_readinto")], hasattr(esp, "dht_readinto"))
print(hasattr(micropython, "heap_locked"), hasattr(math, "isclose"), hasattr(framebuf.FrameBuffer, "poly"))

import machine
from machine import Pin, bitstream, dht_readinto


def attempt(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except Exception as e:
        print(repr(e))


timing = (400, 850, 800, 450)
print(bitstream(Pin(5), 0, timing, b"abc"), bitstream(5, 0, list(timing), bytearray(2)))
attempt(bitstream, Pin(5), 0, timing)
attempt(bitstream, 24, 0, timing, b"")
attempt(bitstream, 5, 1, timing, b"")
attempt(bitstream, 5, 0, (1, 2, 3), b"")
attempt(bitstream, 5, 0, 400, b"")
attempt(bitstream, 5, 0, ("x",) * 4, b"")
attempt(bitstream, 5, 0, timing, [1, 2])
attempt(dht_readinto, 24, bytearray(5))
attempt(dht_readinto, 4, bytearray(4))
attempt(dht_readinto, 4, bytes(5))
attempt(dht_readinto, 4, 5)
attempt(dht_readinto, Pin(4), bytearray(5))
import dht, neopixel, apa106, onewire, ds18x20

n = neopixel.NeoPixel(Pin(5, Pin.IN), 3)
n[0], n[1], n[2] = (1, 2, 3), [4, 5, 6], (7, 8, 9)
print(n.pin, n.n, n.bpp, n.buf, n.timing, len(n), n[0], n[2], n.write())
n.fill((10, 20, 30))
print(n.buf, list(n))
w = neopixel.NeoPixel(Pin(5), 2, bpp=4, timing=0)
w[1] = (1, 2, 3, 4)
print(w.buf, w.timing, w[1], neopixel.NeoPixel(Pin(5), 1, 3, (1, 2, 3, 4)).timing)
for f in (lambda: n[3], lambda: n.__setitem__(3, (1, 2, 3)), lambda: n.__setitem__(0, (1, 2)), lambda: n.__setitem__(0, (1, 2, 300))):
    attempt(f)
a = apa106.APA106(Pin(5), 1)
a[0] = (1, 2, 3)
print(a.buf, isinstance(a, neopixel.NeoPixel))
for kind in (dht.DHT11, dht.DHT22):
    d = kind(Pin(4))
    attempt(d.measure)
    d.buf[:] = b"\x02\x8c\x01\x5f\xee"
    print(d.humidity(), d.temperature())
d.buf[2] = 0x80
print(d.temperature())
o = onewire.OneWire(Pin(4))
print(o.pin, o.reset(), o.scan(), o.readbit(), o.readbyte(), o.crc8(b"\x02\x1c\xb8\x01\0\0\0"))
attempt(o.reset, True)
print(issubclass(onewire.OneWireError, Exception), onewire.OneWire.SEARCH_ROM, onewire.OneWire.MATCH_ROM, onewire.OneWire.SKIP_ROM)
s = ds18x20.DS18X20(o)
print(s.scan(), s.buf)
attempt(s.convert_temp)

# jumper: 13-12
from machine import SPI, SoftSPI, Pin
import time


def tried(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


def took(f):
    start = time.ticks_us()
    result = f()
    us = time.ticks_diff(time.ticks_us(), start)
    return result, (us + 125) // 250 / 4


for bus in (
    SPI(1, 1000000),
    SPI(1, 1000000, firstbit=SPI.LSB),
    SoftSPI(500000, sck=14, mosi=13, miso=12),
    SoftSPI(500000, sck=14, mosi=13, miso=12, firstbit=SoftSPI.LSB),
    SPI(2, mosi=4, miso=4),
):
    back = bytearray(5)
    print(bus.write(b"12345"), bus.write_readinto(b"hello", back), back)
    print(bus.read(3), bus.read(3, 0x41), bus.readinto(back), back, bus.readinto(back, 0x42), back)
    print(bus.write_readinto(back, back), back)
    tried(lambda: bus.write_readinto(b"hello", bytearray(4)))
    tried(lambda: bus.write_readinto(b"hello", b"world"))
    tried(lambda: bus.write_readinto(1, back))
    tried(lambda: bus.read())
    tried(lambda: bus.read(-1))
# The controllers send whole words, and at least one.
s = SPI(1, 1000000)
for f in lambda: s.write(b""), lambda: s.read(0), lambda: s.readinto(bytearray(0)):
    tried(f)
s.init(bits=16)
tried(lambda: s.write(b"x"))
b = bytearray(b"???")
s.write_readinto(b"abc", b)
print(b)
print(SoftSPI(sck=14, mosi=13, miso=12).write(b""))
# Nobody at the other end.
s = SPI(2)
print(s.read(2))
Pin(19, Pin.IN, Pin.PULL_UP)
print(s.read(2, 1))
s.init(miso=None)
print(s.read(2))
# Bits take their time.
for rate in 100000, 1000000, 8000000:
    s.init(rate)
    print(took(lambda: s.write(bytes(rate // 800))))
s.init(12345678)
print(took(lambda: s.write(bytes(16000))))
print(took(lambda: SoftSPI(100000, sck=14, mosi=13, miso=12).write(bytes(125))))
# The clock rests at its level.
for polarity in 0, 1:
    SPI(2, polarity=polarity)
    print(Pin(18).value())

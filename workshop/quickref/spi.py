# SPI of the chip: two controllers with pins of their own, or any others.
from machine import Pin, SPI

spi = SPI(1, 10_000_000, sck=Pin(14), mosi=Pin(13), miso=Pin(12))
print(spi)
got = bytearray(4)
spi.write_readinto(b"\x01\x02\x03\x04", got)
print(got)
spi.init(baudrate=200_000)
print(spi.read(2, 0xA5))
spi.deinit()
try:
    SPI(5)
except ValueError as e:
    print(e)

# SPI on any pins. GPIO13 and GPIO12 are joined, so that what goes out comes in.
from machine import Pin, SoftSPI

spi = SoftSPI(baudrate=100_000, polarity=1, phase=0, sck=Pin(0), mosi=Pin(13), miso=Pin(12))
got = bytearray(3)
spi.write_readinto(b"abc", got)
print(got)
print(spi.read(2, 0x55))

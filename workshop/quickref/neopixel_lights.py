# NeoPixels and APA106: lights in a row, on one pin each.
from apa106 import APA106
from machine import Pin
from neopixel import NeoPixel

strip = NeoPixel(Pin(32, Pin.OUT), 8)
strip[0] = (255, 255, 255)
strip[1] = (10, 20, 30)
strip.write()
print(strip[0], len(strip))
strip.fill((0, 8, 0))
strip.write()
other = APA106(Pin(33, Pin.OUT), 2)
other[1] = (1, 2, 3)
other.write()
print(other[1], other.buf)

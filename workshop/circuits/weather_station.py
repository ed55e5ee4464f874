# A weather station: it measures every two seconds and draws what it has measured.
from machine import ADC, I2C, Pin
import dht
import framebuf
import time

sensor = dht.DHT22(Pin(16))
eye = ADC(Pin(35), atten=ADC.ATTN_11DB)
i2c = I2C(0, scl=Pin(22), sda=Pin(21), freq=400_000)
picture = bytearray(128 * 8)
screen = framebuf.FrameBuffer(picture, 128, 64, framebuf.MONO_VLSB)

def commands(*numbers):
    i2c.writeto(0x3c, b"\x00" + bytes(numbers))

# Line by line, upright, with the charge pump, on.
commands(0x20, 0, 0xa1, 0xc8, 0x8d, 0x14, 0xaf)

while True:
    sensor.measure()
    volts = eye.read_uv() / 1e6
    print(sensor.temperature(), sensor.humidity(), "bright" if volts > 2 else "dark")
    screen.fill(0)
    screen.text("%.1f C" % sensor.temperature(), 0, 0)
    screen.text("%.0f %%" % sensor.humidity(), 0, 16)
    screen.fill_rect(0, 40, int(volts / 3.3 * 127), 8, 1)
    commands(0x21, 0, 127, 0x22, 0, 7)
    i2c.writeto(0x3c, b"\x40" + picture)
    time.sleep(2)

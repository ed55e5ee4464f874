# The nearer the wall, the more lights and the higher the tone.
from machine import Pin, PWM, time_pulse_us
from neopixel import NeoPixel
import time

trigger, echo = Pin(27, Pin.OUT, value=0), Pin(14, Pin.IN)
strip = NeoPixel(Pin(13), 8)
tone = PWM(Pin(25), freq=440, duty_u16=0)

def distance():
    trigger.on()
    time.sleep_us(10)
    trigger.off()
    us = time_pulse_us(echo, 1, 30_000)
    return us / 58.3 if us > 0 else None

while True:
    cm = distance()
    lights = 0 if cm is None else max(0, min(8, int((160 - cm) / 16)))
    for n in range(8):
        strip[n] = (0, 0, 0) if n >= lights else (60, 0, 0) if n > 5 else (0, 40, 0)
    strip.write()
    if lights > 5:
        tone.freq(440 + 100 * (lights - 5))
        tone.duty_u16(32768)
    else:
        tone.duty_u16(0)
    time.sleep_ms(200)

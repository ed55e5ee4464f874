# I2S: a tenth of a second of a tone; writing waits until there is room.
from machine import I2S, Pin
import array
import math
import time

RATE = 16_000
audio = I2S(0, sck=Pin(14), ws=Pin(13), sd=Pin(32), mode=I2S.TX, bits=16, format=I2S.MONO, rate=RATE, ibuf=2000)
tone = array.array("h", (int(8000 * math.sin(2 * math.pi * 440 * i / RATE)) for i in range(RATE // 10)))
start = time.ticks_ms()
print(audio.write(tone), "bytes")
print(30 <= time.ticks_diff(time.ticks_ms(), start) <= 100)
audio.deinit()

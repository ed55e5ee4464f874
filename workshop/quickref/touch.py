# Touch: a finger comes near GPIO33 after a tenth of a second.
from machine import Pin, TouchPad
import time

pad = TouchPad(Pin(33))
away = pad.read()
time.sleep_ms(200)
print("touched:", pad.read() < away // 2)
try:
    TouchPad(Pin(5))
except ValueError as e:
    print(e)

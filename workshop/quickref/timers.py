# Timers: the chip has four; Timer(-1) is a virtual one.
from machine import Timer
import time

once, often = Timer(0), Timer(1)
seen = []
once.init(period=1000, mode=Timer.ONE_SHOT, callback=lambda t: seen.append("once"))
often.init(period=400, mode=Timer.PERIODIC, callback=lambda t: seen.append("often"))
time.sleep_ms(1300)
often.deinit()
time.sleep_ms(1000)
print(seen)

soft = Timer(-1)
soft.init(freq=10, callback=lambda t: seen.append("soft"))
time.sleep_ms(550)
soft.deinit()
print(seen.count("soft"), "times")
try:
    Timer(9)
except ValueError as e:
    print(e)

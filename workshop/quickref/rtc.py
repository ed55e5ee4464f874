# The clock that goes on in deep sleep, and its memory.
from machine import RTC
import time

rtc = RTC()
rtc.datetime((2026, 8, 29, 5, 12, 34, 56, 0))
print(rtc.datetime()[:7])
time.sleep(5)
print(time.localtime()[:6])
rtc.memory(b"kept")
print(rtc.memory())

# The watchdog: as long as it is fed in time, it stays quiet. Nothing stops it any more.
from machine import WDT
import time

wdt = WDT(timeout=2000)
seconds = 0
while True:
    time.sleep(1)
    wdt.feed()
    seconds += 1
    if seconds in (1, 30):
        print("still here after", seconds, "s")

# RMT: pulses of exact lengths.
from machine import Pin
import esp32

rmt = esp32.RMT(pin=Pin(18), resolution_hz=10_000_000)
print(rmt)
rmt.write_pulses((1, 20, 2, 40), 0)
rmt.wait_done(timeout=1000)
rmt.write_pulses(100, (1, 0, 1))
rmt.wait_done(timeout=1000)
rmt.deinit()
print("done")

# Counting pulses: 5000 of them come in on GPIO18 after a tenth of a second.
from machine import Pin
import esp32
import time

counter = esp32.PCNT(0, pin=18, rising=esp32.PCNT.INCREMENT)
counter.start()
time.sleep_ms(200)
print(counter.value())
counter.value(0)
print(counter.value())
counter.stop()

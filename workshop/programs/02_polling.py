# Blocking input: a loop asks a button for its state.
from machine import Pin
import time

button = Pin(18, Pin.IN, Pin.PULL_UP)
last = None
while True:
    state = button.value()
    if state != last:
        print("button", "up" if state else "down")
        last = state
    time.sleep_ms(20)

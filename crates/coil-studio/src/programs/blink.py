# The LED on the board is wired to GPIO2: it goes on and off twice a second.
# Press Run, change a number, and press Run again.
from machine import Pin
import time

led = Pin(2, Pin.OUT)

while True:
    led.value(not led.value())
    time.sleep_ms(250)

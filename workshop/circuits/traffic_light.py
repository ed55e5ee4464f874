# A traffic light that is green for cars until somebody presses the button.
from machine import Pin
import time

red, yellow, green = Pin(27, Pin.OUT), Pin(14, Pin.OUT), Pin(13, Pin.OUT)
button = Pin(26, Pin.IN, Pin.PULL_UP)

def show(r, y, g, seconds):
    red.value(r)
    yellow.value(y)
    green.value(g)
    time.sleep(seconds)

while True:
    show(0, 0, 1, 0)
    while button.value():
        time.sleep_ms(10)
    show(0, 1, 0, 2)
    show(1, 0, 0, 5)
    show(1, 1, 0, 1)

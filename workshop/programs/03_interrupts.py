# Interrupts: two buttons call functions while a loop goes on.
from machine import Pin
import time


def one(pin):
    print("button 1", pin)


def two(pin):
    print("button 2", pin)


Pin(18, Pin.IN, Pin.PULL_UP).irq(handler=one, trigger=Pin.IRQ_FALLING)
Pin(19, Pin.IN, Pin.PULL_UP).irq(handler=two, trigger=Pin.IRQ_FALLING)

while True:
    print("tick")
    time.sleep(1)
    print("tock")
    time.sleep(1)

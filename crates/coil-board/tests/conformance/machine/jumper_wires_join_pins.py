# jumper: 4-5
# jumper: 5-18
from machine import Pin
import time

a = Pin(4, Pin.OUT, value=1)
b = Pin(5, Pin.IN)
c = Pin(18, Pin.IN, Pin.PULL_DOWN)
print(b.value(), c.value())
b.irq(lambda p: print(p is b, p.value()), Pin.IRQ_RISING | Pin.IRQ_FALLING)
for level in 0, 0, 1:
    a.value(level)
    time.sleep_ms(1)
    print(b.value(), c.value())
b.irq(None)
# Nobody drives: the resistors do.
a.init(Pin.IN)
print(a.value(), b.value(), c.value())
c.init(pull=None)
a.init(pull=Pin.PULL_UP)
print(a.value(), b.value(), c.value())
# Two open drains: the one that pulls down wins.
a.init(Pin.OPEN_DRAIN, value=1)
c.init(Pin.OPEN_DRAIN, value=1)
print(a.value(), b.value(), c.value())
c.value(0)
print(a.value(), b.value(), c.value())
c.value(1)
print(a.value(), b.value(), c.value())

# Pins: out, in with a resistor, open drain, interrupts. GPIO4 and GPIO5 are joined by a jumper wire.
from machine import Pin
import time

out = Pin(4, Pin.OUT)
back = Pin(5, Pin.IN)
for level in (1, 0):
    out.value(level)
    print(back.value(), end=" ")
out.on()
print(back(), out.off(), back())

pulled = Pin(27, Pin.IN, Pin.PULL_UP)
print("pulled up:", pulled.value())

edges = []
back.irq(lambda p: edges.append(p.value()), Pin.IRQ_RISING | Pin.IRQ_FALLING)
for _ in range(2):
    out.on()
    time.sleep_ms(1)
    out.off()
    time.sleep_ms(1)
print("edges:", edges)
try:
    Pin(34, Pin.OUT)
except ValueError as e:
    print(e)

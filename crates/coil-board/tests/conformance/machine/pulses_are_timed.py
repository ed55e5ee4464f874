from machine import Pin, Timer, time_pulse_us

p = Pin(4, Pin.OUT, value=0)
print(time_pulse_us(p, 1, 1000), time_pulse_us(p, 0, 1000))
levels = [1, 0]


def change(t):
    if levels:
        p.value(levels.pop(0))


t = Timer(period=20, callback=change)
us = time_pulse_us(p, 1, 100000)
print(19000 < us < 21000)
t.deinit()
try:
    time_pulse_us("x", 1)
except ValueError as e:
    print(e)

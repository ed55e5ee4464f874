from machine import DAC, Pin, TouchPad


def attempt(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except Exception as e:
        print(repr(e))


for pin in (24, 4, 27):
    attempt(DAC, pin)
attempt(DAC)
attempt(DAC, 25, 8)
d = DAC(Pin(25))
print(d, DAC(26))
for value in (0, 255, 256, -1, 1.0):
    attempt(d.write, value)
# The driver gives each out once.
attempt(DAC, 25)
for pin in (5, 34, 40, "4"):
    attempt(TouchPad, pin)
attempt(TouchPad)
for pin in (4, 0, 2, 15, 13, 12, 14, 27, 33, 32):
    print(TouchPad(Pin(pin)).read(), end=" ")
t = TouchPad(4)
attempt(t.config, 500)
attempt(t.config, "x")
attempt(t.config)

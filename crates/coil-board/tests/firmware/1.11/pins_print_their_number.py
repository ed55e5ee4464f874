from machine import Pin

print(Pin(2), Pin(2, Pin.OUT), Pin(34, Pin.IN))
print(Pin.PULL_DOWN, Pin.PULL_UP, Pin.PULL_HOLD)
for what in (
    lambda: Pin(20),
    lambda: Pin(24),
    lambda: Pin(34, Pin.OUT),
    lambda: Pin(4, Pin.OUT, drive=1),
):
    try:
        print(what())
    except (ValueError, TypeError) as e:
        print(repr(e))
# A pull with PULL_HOLD freezes the pin, one without lets go.
p = Pin(4, Pin.OUT, value=1)
p.init(pull=Pin.PULL_HOLD)
p.value(0)
print(p.value())
p.init(pull=None)
print(p.value())

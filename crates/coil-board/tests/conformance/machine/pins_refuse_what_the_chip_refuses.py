from machine import Pin


def attempt(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except Exception as e:
        print(repr(e))


for n in (24, 28, 31, 40, -1, "2", "LED", 2.0, None, True):
    attempt(Pin, n)
print([n for n in range(40) if n not in (24, 28, 29, 30, 31) and Pin(n) is not Pin(n)])
attempt(Pin)
attempt(Pin, 34, Pin.OUT)
attempt(Pin, 39, Pin.OPEN_DRAIN)
attempt(Pin, 34, Pin.IN, Pin.PULL_UP)
attempt(Pin, 2, Pin.OUT, None, 1)
attempt(Pin, 2, Pin.OUT, mode=Pin.IN)
attempt(Pin, 2, level=1)
attempt(Pin, 2, "OUT")
p = Pin(2)
attempt(p.value, 1, 2)
attempt(p, 1, 2)
attempt(p, value=1)
attempt(p.irq, hard=True)
attempt(p.irq, None, "both")
attempt(p.irq, trigger=Pin.WAKE_LOW, wake=1)
attempt(p.irq, trigger=Pin.WAKE_LOW, wake="deep")
attempt(Pin(5).irq, trigger=Pin.WAKE_HIGH, wake=4)
i = p.irq(trigger=Pin.WAKE_HIGH, wake=4)
attempt(Pin(4).irq, trigger=Pin.WAKE_HIGH, wake=4)
attempt(i, 1)
attempt(i.trigger, 1, 2)
print(type(i), i() is None, hasattr(Pin.board, 'LED'))

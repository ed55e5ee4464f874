from machine import Counter, Encoder, Pin
from esp32 import PCNT


def attempt(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except Exception as e:
        print(repr(e))


p, q = Pin(4, Pin.OUT, value=0), Pin(5, Pin.OUT, value=0)


def pulse(n):
    for _ in range(n):
        p(1)
        p(0)


attempt(Counter)
attempt(Counter, 8, p)
attempt(Counter, 0)
attempt(Counter, 0, p, level=1)
attempt(Counter, 0, p, 1, 1, 1)
attempt(Counter, 0, p, src=p)
attempt(Counter, 0, edge=1)
attempt(Counter, 0, p, Counter.FALLING, 3)
c = Counter(0, p)
print(str(c).startswith("<Counter object at "))
pulse(3)
print(c.value(), Counter(0) is c, c.value(100), c.value())
pulse(2)
print(c.value())
attempt(Encoder, 0, p, q)
c.init(p, edge=Counter.RISING | Counter.FALLING, direction=Counter.DOWN)
pulse(4)
print(c.value())
c.deinit()
attempt(c.value)
c.init(src=p, edge=Counter.FALLING, filter_ns=100)
pulse(33)
print(c.value(0), c.value())
attempt(Encoder, 1)
attempt(Encoder, 1, p)
attempt(Encoder, 1, p, phases=4)
attempt(Encoder, 1, phase_b=q, phases=4)
attempt(Encoder, 1, p, q, phases=3)
e = Encoder(1, p, q, phases=1)
for n in (1, 2, 4):
    e.init(p, q, n)
    for way in ((p, q), (q, p), (q, p)):
        for level in (1, 0):
            for pin in way:
                pin(level)
        print(e.value(), end=" ")
    print(e.phases())

attempt(PCNT)
attempt(PCNT, 8)
attempt(PCNT, -1)
u = PCNT(2, pin=p, rising=PCNT.INCREMENT)
print(u, PCNT(2) is u, u.value())
pulse(2)
print(u.value())
u.start()
pulse(3)
print(u.value(), u.value(0), u.value())
for kwargs in (
    {"channel": 2}, {"mode_pin": q}, {"rising": 3}, {"falling": -1}, {"mode_low": 3}, {"mode_high": 9}, {"filter": 1024}, {"value": 1},
    {"min": 1}, {"min": -32769}, {"max": -1}, {"max": 32768}, {"threshold0": 40000}, {"threshold1": -40000}, {"pin": 24}, {"speed": 1},
):
    attempt(u.init, **kwargs)
attempt(u.init, 1)
attempt(u.value, 1)
u.init(falling=PCNT.DECREMENT, mode_pin=q, pin=p, mode_low=PCNT.REVERSE, mode_high=PCNT.HOLD, min=-5, max=5)
told = []
i = u.irq(lambda u: told.append(u.irq().flags()), PCNT.IRQ_MAX | PCNT.IRQ_ZERO)
print(type(i), i.trigger(), i.flags())
pulse(6)
print(u.value(), told)
q(1)
pulse(3)
print(u.value())
u.stop()
q(0)
pulse(3)
print(u.value())
attempt(u.irq, None, 1)
attempt(u.irq, None, 128)
u.irq(None)
print(i.trigger(), i.flags())
u.deinit()
u.start()
pulse(3)
print(u.value())

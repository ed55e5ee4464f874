from machine import Pin

p = Pin(4)
print(p, Pin(p) is p, Pin(Pin(4)) is p)
for mode in (Pin.OUT, Pin.OPEN_DRAIN, Pin.IN, None, 2):
    print(Pin(4, mode))
for pull in (Pin.PULL_UP, -1, Pin.PULL_DOWN, Pin.PULL_UP | Pin.PULL_DOWN, None, Pin.PULL_UP, 0):
    print(Pin(4, pull=pull))
for drive in (Pin.DRIVE_0, Pin.DRIVE_1, Pin.DRIVE_2, Pin.DRIVE_3, 4, -1):
    print(Pin(4, drive=drive))
p.init(Pin.OUT, drive=Pin.DRIVE_2, value=1)
print(p, p(), p.value(), p.toggle(), p(), p.on(), p(), p.off(), p(), p([]), p(), p("x"), p())
# What is held stays on the wire, whatever is set.
p.init(hold=True)
p(0)
print(p())
p.init(hold=False)
print(p())
# Only low is driven by an open drain.
q = Pin(5, Pin.OPEN_DRAIN, Pin.PULL_UP, value=0)
print(q())
q(1)
print(q())
# Without a mode nothing is driven; the level is kept for later.
r = Pin(18, value=1)
print(r, r())
r.init(Pin.OUT)
print(r, r())
calls = []
p.irq(lambda pin: calls.append((pin is p, pin())), Pin.IRQ_RISING)
for level in (1, 0, 1, 1, 0):
    p(level)
    for _ in range(3):
        pass
print(calls)
i = p.irq()
print(i.trigger(), i.trigger(Pin.IRQ_FALLING), i.trigger(), i.trigger(9), i.trigger())
p.irq(None)
print(p.irq().trigger())

from machine import PWM, Pin

p = PWM(Pin(2))
print(p)
q = PWM(Pin(4), freq=1000, duty=256)
print(p, q, p.freq(), q.duty())
# A duty of eleven bits loses the highest.
q.duty(1024)
print(q.duty())
q.duty(1023)
print(q.duty())
all = [PWM(Pin(n)) for n in (5, 12, 13, 14, 15, 16)]
for what in (
    lambda: PWM(Pin(17)),
    lambda: p.freq(100_000_000),
    lambda: p.freq(1),
    lambda: PWM(Pin(2), duty_u16=1),
    lambda: PWM(2),
    lambda: p.duty_u16(),
):
    try:
        print(what())
    except (ValueError, TypeError, AttributeError) as e:
        print(repr(e))
p.freq(10_000_000)
print(p)
p.deinit()
print(p)
print(PWM(Pin(17)))

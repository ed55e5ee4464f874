from machine import PWM, Pin

p = PWM(Pin(2), freq=5000, duty=512)
print(p)
for what in (
    lambda: PWM(2),
    lambda: p.freq(0),
    lambda: p.freq(40_000_001),
    lambda: p.duty(1024),
    lambda: p.duty_u16(65536),
    lambda: PWM(Pin(4), duty=1, duty_u16=2),
    lambda: PWM(Pin(4), invert=True),
    lambda: [PWM(Pin(n), freq=1000 * n) for n in (4, 5, 12, 13, 14, 15, 16, 17, 18)],
):
    try:
        print(what())
    except (ValueError, TypeError) as e:
        print(repr(e))
p.deinit()
print(p)

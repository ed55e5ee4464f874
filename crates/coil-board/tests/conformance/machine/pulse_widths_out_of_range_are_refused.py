from machine import Pin, PWM


def attempt(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except Exception as e:
        print(repr(e))


attempt(PWM)
attempt(PWM, 24)
attempt(PWM, 34)
attempt(PWM, 2, 1000, 512)
attempt(PWM, 2, hz=1000)
attempt(PWM, 2, "fast")
for f in (0, -5, 40_000_001):
    attempt(PWM, 2, freq=f)
for kwargs in ({"duty": 1024}, {"duty": 2000}, {"duty_u16": 65536}):
    attempt(PWM, 2, **kwargs)
# Nanoseconds need a frequency that runs already.
attempt(PWM, 2, freq=1000, duty_ns=100)
# A negative duty is none.
print(PWM(2, duty=-1))
p = PWM(2, freq=1000)
for f, x in ((p.freq, 0), (p.freq, 50_000_000), (p.duty, -1), (p.duty, 1024), (p.duty_u16, -1), (p.duty_u16, 65536), (p.duty_ns, -1), (p.duty_ns, 1_000_001), (p.duty, "x")):
    attempt(f, x)
attempt(p.duty, duty=5)
print(p)
p.deinit()
for f in (p.freq, p.duty, p.duty_u16, p.duty_ns):
    attempt(f)
    attempt(f, 100)

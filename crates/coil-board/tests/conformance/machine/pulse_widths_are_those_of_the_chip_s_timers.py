from machine import Pin, PWM, freq

# Four timers in each of two groups, two channels on each: the firmware's own documentation shows these.
pins = (2, 4, 12, 13, 14, 15, 16, 18, 19, 22, 23, 25, 26, 27, 32, 33)
pwms = []
for i, pin in enumerate(pins):
    f = (10000, 10000, 20000, 20000, 30000, 30000, 40000, 40000, 50000, 50000, 60000, 60000, 70000, 70000, 80000, 80000)[i]
    pwms.append(PWM(Pin(pin), freq=f, duty_u16=min(65535, 2**16 * (i + 1) // 16)))
for p in pwms:
    print(p)


def attempt(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except Exception as e:
        print(repr(e))


attempt(PWM, 5)
attempt(PWM, 5, lightsleep=True)
# A channel of its own may change its timer only if it is alone on it.
attempt(pwms[0].freq, 123)
pwms[1].deinit()
attempt(pwms[0].freq, 123)
print(pwms[0], pwms[1])
attempt(PWM, 5, 123)
for p in pwms:
    p.deinit()
p = PWM(27)
print(p)
for f in (1000, 1200, 1400, 5, 1, 40_000_000, 10_000_000):
    p.freq(f)
    print(p, p.duty(), p.duty_ns())
p.init(freq=5000, duty=256, invert=True)
print(p, PWM(27, duty_u16=100), p)
p.duty(1023)
print(p, p.duty_u16(), p.duty_ns())
p.duty_ns(50_000)
print(p, p.duty_u16())
p.deinit()
p.deinit()
print(p)
p.init()
print(p)
p.deinit()
freq(20_000_000)
attempt(PWM, 27, 20_000_000)
p = PWM(27, 10_000_000)
print(p)
freq(160_000_000)
attempt(PWM, 26, freq=5_000_000, lightsleep=True)

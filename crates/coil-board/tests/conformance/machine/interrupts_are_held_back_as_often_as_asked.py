import machine, time
from machine import Timer, disable_irq, enable_irq


def attempt(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except Exception as e:
        print(repr(e))


calls = []
t = Timer(0, mode=Timer.ONE_SHOT, period=5, callback=calls.append)
outer, inner = disable_irq(), disable_irq()
time.sleep_ms(10)
enable_irq(inner)
time.sleep_ms(1)
print(outer, inner, len(calls))
enable_irq(outer)
time.sleep_ms(1)
print(len(calls))
attempt(enable_irq)
attempt(enable_irq, None)
attempt(disable_irq, 1)
print(machine.freq(), machine.freq(240_000_000), machine.freq(), machine.freq(80_999_999), machine.freq())
for hz in (0, 100_000_000, -20_000_000, 160, "fast"):
    attempt(machine.freq, hz)
attempt(machine.freq, 20_000_000, 1)
print(machine.freq(), machine.idle(), len(machine.unique_id()), machine.reset_cause())

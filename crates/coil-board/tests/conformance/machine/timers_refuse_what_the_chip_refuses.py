from machine import Timer
import time


def attempt(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except Exception as e:
        print(repr(e))


for n in (4, 9, "0", None):
    attempt(Timer, n)
attempt(Timer, 0, 1000)
attempt(Timer, 0, ms=1000)
attempt(Timer, 0, period=0)
attempt(Timer, 0, period=5, hard=True)
attempt(Timer, 0, freq=100_000_000)
t = Timer(3)
# There is one object for each of the chip's own timers, and as many others as one wants.
print(t, Timer(3) is t, Timer(-1) is Timer(-1), Timer(), Timer(-7))
for kwargs in ({"period": 1500, "mode": Timer.ONE_SHOT}, {"freq": 2.5}, {"period": 3, "tick_hz": 2}):
    print(Timer(0, **kwargs))
time.sleep_ms(12)
print(Timer(0).value())
Timer(0).deinit()
time.sleep_ms(12)
print(Timer(0), Timer(0).value(), Timer(1).value())
calls = []
t.init(mode=Timer.ONE_SHOT, period=10, callback=calls.append)
time.sleep_ms(35)
# It counts on when it has fired.
print([c is t for c in calls], t, t.value())
t.init(period=10, callback=lambda t: calls.append(1))
time.sleep_ms(35)
t.deinit()
print(len(calls), t)

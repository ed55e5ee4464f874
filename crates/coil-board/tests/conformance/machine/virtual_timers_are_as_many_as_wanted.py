from machine import Timer
import time

log = []
ts = [Timer(-1) for _ in range(6)]
for i, t in enumerate(ts):
    t.init(mode=Timer.ONE_SHOT, period=10 * (6 - i), callback=lambda t, i=i: log.append(i))
time.sleep_ms(100)
print(log)
count = 0


def tick(t):
    global count
    count += 1
    if count == 4:
        t.deinit()


t = Timer(period=5, callback=tick)
print(t)
time.sleep_ms(100)
print(count, t, t.value())
t.init(freq=100, callback=tick)
print(t)
time.sleep_ms(25)
print(count)
t.deinit()
t.deinit()
time.sleep_ms(25)
print(count)
for _ in range(100):
    u = Timer(-1, period=1000, callback=tick)
    u.deinit()
h = Timer(3, mode=Timer.ONE_SHOT, period=20, callback=lambda t: log.append(t))
print(h)
time.sleep_ms(10)
print(h.value())
time.sleep_ms(20)
print(log[-1], h.value())
for bad in (lambda: Timer(4), lambda: t.init(period=0), lambda: t.init(hard=True, period=1)):
    try:
        bad()
    except ValueError as e:
        print(e)

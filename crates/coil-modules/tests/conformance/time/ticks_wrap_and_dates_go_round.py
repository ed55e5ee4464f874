# time: tick arithmetic at its ends, gmtime and mktime over years, months beyond a year, refusals.
import time
P = 1 << 30
TEXT = r'''
time.ticks_add(0, 5), time.ticks_add(P - 1, 1), time.ticks_add(0, -1), time.ticks_add(5, P // 2 - 1), time.ticks_add(5, 1 - P // 2)
time.ticks_add(0, P // 2)
time.ticks_add(0, -P // 2)
time.ticks_add(0, P)
time.ticks_add(0, 1.5)
time.ticks_add(0, "a")
time.ticks_add(0)
time.ticks_diff(5, 3), time.ticks_diff(3, 5), time.ticks_diff(0, P - 1), time.ticks_diff(P - 1, 0), time.ticks_diff(P // 2, 0), time.ticks_diff(0, P // 2), time.ticks_diff(P // 2 - 1, 0), time.ticks_diff(7, 7)
time.ticks_diff(time.ticks_add(P - 10, 100), P - 10), time.ticks_diff(1)
0 <= time.ticks_ms() < P, 0 <= time.ticks_us() < P, 0 <= time.ticks_cpu() < P, type(time.ticks_ms())
time.sleep(0), time.sleep_ms(0), time.sleep_us(0), time.sleep_ms(-5), time.sleep_us(-5), time.sleep(0.0)
time.sleep("a")
time.sleep(None)
time.sleep_ms(1.5)
time.sleep_ms()
time.sleep()
time.foo
'''
for e in TEXT.strip().split("\n"):
    try:
        print(e, "->", eval(e))
    except Exception as x:
        print(e, "|", type(x).__name__, x)

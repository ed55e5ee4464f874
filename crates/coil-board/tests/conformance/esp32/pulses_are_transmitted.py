import esp32, gc, time
from esp32 import RMT
from machine import Pin


def attempt(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except Exception as e:
        print(repr(e))


attempt(RMT)
attempt(RMT, 0, Pin(18))
attempt(RMT, pin=24)
attempt(RMT, pin=34)
attempt(RMT, 0, pin=18, clock_div=8, resolution_hz=1000000)
attempt(RMT, 0, pin=18, clock_div=0)
attempt(RMT, 0, pin=18, clock_div=256)
attempt(RMT, 0, pin=18, resolution_hz=0)
attempt(RMT, 0, pin=18, resolution_hz=100)
attempt(RMT, 0, pin=18, num_symbols=63)
attempt(RMT, 0, pin=18, num_symbols=65)
attempt(RMT, 0, pin=18, tx_carrier=(38000, 50))
attempt(RMT, 0, pin=18, tx_carrier=(0, 50, 1))
attempt(RMT, 0, pin=18, tx_carrier=(38000, 101, 1))
attempt(RMT, 0, pin=18, speed=1)
gc.collect()
r = RMT(0, pin=Pin(18), clock_div=80, idle_level=True, tx_carrier=(38000, 33, 1), num_symbols=128)
print(r, RMT.source_freq(), r.clock_div(), RMT.PULSE_MAX, r.active(), r.wait_done())
t = time.ticks_ms()
r.write_pulses((10000, 10000), 0)
print(r.active(), r.wait_done(), r.wait_done(timeout=5), r.wait_done(timeout=50), time.ticks_diff(time.ticks_ms(), t))
# The next one waits for the one before.
r.write_pulses(5000, [1, 0, 1, 0])
r.write_pulses([5000, 5000], [1, 0])
print(time.ticks_diff(time.ticks_ms(), t), r.active())
attempt(r.active, True)
attempt(r.active, False)
print(r.active(), r.wait_done())
for args in (((),), ([1, 2], [1]), (5,), ("x",), ([1, "x"],)):
    attempt(r.write_pulses, *args)
attempt(r.loop_count, -2)
r.loop_count(3)
attempt(r.write_pulses, [10, 10])
r.loop(True)
r.write_pulses([10, 10])
print(r.active(), r.wait_done(timeout=100))
r.loop(False)
print(r.active(), r.wait_done())
r.deinit()
r.deinit()
print(r)
for f, args in ((r.clock_div, ()), (r.wait_done, ()), (r.loop, (1,)), (r.loop_count, (1,)), (r.write_pulses, ([1],))):
    attempt(f, *args)
# Eight blocks of memory, and no more.
all = [RMT(pin=18) for _ in range(7)]
attempt(RMT, pin=18, num_symbols=128)
all.append(RMT(pin=18))
attempt(RMT, pin=18)
all[3].deinit()
all[5].deinit()
attempt(RMT, pin=18, num_symbols=128)
print(RMT(pin=18))
for args in ((), (None,), (), (3,), (-1,)):
    attempt(RMT.bitstream_channel, *args)
for args in ((), (False,), (), (True,)):
    attempt(RMT.bitstream_rmt, *args)

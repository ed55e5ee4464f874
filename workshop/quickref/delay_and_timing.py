# Delays, and how long something takes.
import time

start = time.ticks_ms()
time.sleep(1)
time.sleep_ms(500)
time.sleep_us(10)
print(time.ticks_diff(time.ticks_ms(), start), "ms")

# Ticks wrap around: only ticks_diff and ticks_add know how.
deadline = time.ticks_add(time.ticks_ms(), 200)
rounds = 0
while time.ticks_diff(deadline, time.ticks_ms()) > 0:
    time.sleep_ms(50)
    rounds += 1
print(rounds, "rounds")

# jumper: 4-5
from machine import UART
import time


def took(f):
    start = time.ticks_us()
    result = f()
    us = time.ticks_diff(time.ticks_us(), start)
    # To a quarter of a millisecond.
    return result, (us + 125) // 250 / 4


for rate, text in (2400, "x" * 24), (9600, "x" * 96), (115200, "x" * 230):
    u = UART(1, rate, tx=4, rx=5)
    print(rate, took(lambda: u.write(text)), u.txdone(), took(u.flush), u.txdone())
u = UART(1, 9600, bits=8, parity=0, stop=2, tx=4, rx=5)
u.write("x" * 80)
print(took(u.flush))
# The driver and the hardware hold so many, the rest has to wait.
u = UART(1, 9600, stop=1, parity=None, txbuf=0)
print(took(lambda: u.write("x" * 128)))
try:
    u.flush()
except OSError as e:
    # It waits as long as the driver's buffer might take, which is not there.
    print(e)
time.sleep_ms(60)
print(u.txdone(), took(lambda: u.write("x" * 224)))
time.sleep_ms(140)
print(u.txdone())
u.read()
# The first character is waited for, and others as long as they come; the clock of the waits
# ticks a hundred times a second.
u.init(9600, timeout=50)
time.sleep_ms(3)
print(took(u.read)[0], 39 < took(u.read)[1] <= 50)
u.init(timeout=9)
print(took(u.read))
u.init(timeout=100, timeout_char=20)
u.write("hello")
print(took(lambda: u.read(2)))
result, ms = took(u.read)
print(result, 100 < ms < 130)
u.write("hello")
print(took(lambda: u.read(5)))
# Thirteen bits.
print(took(u.sendbreak))
u.deinit()

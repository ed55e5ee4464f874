# UART: what goes out on GPIO4 comes in on GPIO5, over a jumper wire.
from machine import UART
import time

uart = UART(1, baudrate=9600, tx=4, rx=5)
start = time.ticks_ms()
uart.write("hello, wire\n")
uart.flush()
print("sent after", time.ticks_diff(time.ticks_ms(), start), "ms")
time.sleep_ms(5)
print(uart.any(), "bytes wait")
print(uart.readline())
print(uart.read())

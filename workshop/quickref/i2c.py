# I2C of the chip: two controllers, and a memory chip at 0x50.
from machine import I2C, Pin

i2c = I2C(0, scl=Pin(22), sda=Pin(21), freq=400_000)
print(i2c)
i2c.writeto_mem(0x50, 0x20, b"world")
print(i2c.readfrom_mem(0x50, 0x20, 5))
buf = bytearray(2)
i2c.readfrom_mem_into(0x50, 0x21, buf)
print(buf)
try:
    i2c.readfrom(0x51, 1)
except OSError as e:
    print("nobody at 0x51:", e)

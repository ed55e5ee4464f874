# I2C on any pins: a memory chip of 256 bytes answers at 0x50.
from machine import Pin, SoftI2C

i2c = SoftI2C(scl=Pin(22), sda=Pin(21), freq=100_000)
print([hex(a) for a in i2c.scan()])
print(i2c.writeto(0x50, b"\x10hello"), "acknowledged")
i2c.writeto(0x50, b"\x10", False)
print(i2c.readfrom(0x50, 5))

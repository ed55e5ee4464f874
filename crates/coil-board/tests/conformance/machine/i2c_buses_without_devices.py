from machine import I2C, SoftI2C, Pin
import time


def tried(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


for i2c in (
    I2C(0),
    I2C(1, scl=22, sda=21, freq=100000),
    SoftI2C(scl=Pin(32, pull=Pin.PULL_UP), sda=Pin(33, pull=Pin.PULL_UP)),
):
    print(i2c)
    print(i2c.scan())
    tried(lambda: i2c.readfrom(0x3C, 1))
    tried(lambda: i2c.readfrom(0x3C, 0))
    tried(lambda: i2c.readfrom_into(0x3C, bytearray(2)))
    tried(lambda: i2c.writeto(0x3C, b"x"))
    tried(lambda: i2c.writeto(0x3C, b""))
    tried(lambda: i2c.writevto(0x3C, (b"x", b"", b"y")))
    tried(lambda: i2c.readfrom_mem(0x3C, 1, 2))
    tried(lambda: i2c.readfrom_mem(0x3C, 1, 0))
    tried(lambda: i2c.readfrom_mem_into(0x3C, 1, bytearray(2)))
    tried(lambda: i2c.writeto_mem(0x3C, 1, b"x"))
    tried(lambda: i2c.deinit())
# Only the software's bus is driven step by step.
i2c = I2C(0)
for f in i2c.start, i2c.stop, lambda: i2c.write(b"x"), lambda: i2c.readinto(bytearray(1)), i2c.init:
    tried(f)
soft = SoftI2C(scl=Pin(32, pull=Pin.PULL_UP), sda=Pin(33, pull=Pin.PULL_UP))
tried(soft.start)
tried(lambda: soft.write(b"\x78\x01"))
tried(lambda: soft.write(b"\x01"))
b = bytearray(2)
tried(lambda: soft.readinto(b))
print(b)
tried(soft.stop)
# Without resistors the clock does not rise, for which it waits.
soft = SoftI2C(scl=12, sda=13, timeout=2000)
start = time.ticks_us()
tried(lambda: soft.readfrom(0x3C, 1))
print(2000 <= time.ticks_diff(time.ticks_us(), start) < 3000)
tried(soft.start)
# A data line that stays low looks like a device at every address.
soft = SoftI2C(scl=Pin(32, pull=Pin.PULL_UP), sda=13)
print(len(soft.scan()), soft.readfrom(0x3C, 2))

from machine import I2C, SoftI2C, Pin
import machine


def tried(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


tried(lambda: I2C(2))
tried(lambda: I2C(-2))
tried(lambda: I2C("0"))
tried(lambda: I2C(0, 22, 21))
tried(lambda: I2C(0, pins=(22, 21)))
tried(lambda: I2C(0, scl=24))
tried(lambda: I2C(0, scl=22, sda=34))
tried(lambda: I2C(0, freq=0))
tried(lambda: I2C(0, scl=18, sda=19, freq=400000))
print(I2C(), I2C(0) is I2C(0), I2C(0) is I2C(1))
print(I2C(1))
print(I2C(1, scl=Pin(22), sda=Pin(21), freq=100000, timeout=1000))
# What is not said stays as it was.
print(I2C(1))
print(I2C(id=1, freq=50000))
# The software's bus rounds to microseconds.
for freq in 1, 1000, 100000, 150000, 400000, 1000000, 5000000:
    print(SoftI2C(scl=Pin(5), sda=Pin(4), freq=freq))
tried(lambda: SoftI2C())
tried(lambda: SoftI2C(5))
tried(lambda: SoftI2C(5, 4, 100000))
tried(lambda: SoftI2C(0, scl=5, sda=4))
tried(lambda: SoftI2C(5, 99))
tried(lambda: SoftI2C(5, None))
s = SoftI2C(5, 4)
print(s.init(18, 19, freq=10000), s)
tried(lambda: s.init(freq=1000))
# The old way to it.
print(I2C(-1, scl=5, sda=4))
tried(lambda: I2C(-1))
i = I2C(0)
tried(lambda: i.readfrom())
tried(lambda: i.readfrom(1))
tried(lambda: i.readfrom(1, 2, True, 3))
tried(lambda: i.readfrom(1, -1))
tried(lambda: i.writeto(1, 2))
tried(lambda: i.writevto(1, b"x"))
tried(lambda: i.writevto(1, [1]))
tried(lambda: i.readfrom_mem(1, 2))
tried(lambda: i.readfrom_mem(1, 2, 3, 16))
tried(lambda: i.readfrom_mem(1, 2, 3, addrsize=12))
tried(lambda: i.readfrom_mem(1, 2, 3, addrsize=40))
tried(lambda: i.readfrom_mem(1, 2, 3, size=8))
tried(lambda: i.readfrom_mem_into(1, 2, b"x"))
tried(lambda: i.writeto_mem(1, 2, 3))
print(hasattr(machine, "I2CTarget"))

import esp32, machine
from machine import I2C, Pin, WDT

print(type(esp32.hall_sensor()))
i2c = I2C(scl=Pin(21), sda=Pin(22))
print(i2c, I2C(-1, Pin(21), Pin(22), freq=100000))
print(i2c.scan())
for what in (lambda: I2C(0, scl=Pin(21), sda=Pin(22)), lambda: WDT(timeout=999)):
    try:
        print(what())
    except ValueError as e:
        print(e)

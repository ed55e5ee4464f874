# Two DS18B20 thermometers on one wire.
from machine import Pin
import ds18x20
import onewire
import time

ds = ds18x20.DS18X20(onewire.OneWire(Pin(15)))
roms = ds.scan()
print(len(roms), "thermometers")
ds.convert_temp()
time.sleep_ms(750)
for rom in roms:
    print(ds.read_temp(rom))

# A DHT22 on GPIO26.
from machine import Pin
import dht
import time

sensor = dht.DHT22(Pin(26))
sensor.measure()
print(sensor.temperature(), "degrees", sensor.humidity(), "per cent")
try:
    dht.DHT11(Pin(19)).measure()
except OSError as e:
    print("no sensor there:", e)

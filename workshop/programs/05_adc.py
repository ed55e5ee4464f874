# Analogue input: a photoresistor.
from machine import ADC, Pin
import time

light = ADC(Pin(34))
light.atten(ADC.ATTN_11DB)
for _ in range(5):
    raw = light.read()
    print("raw", raw, "volts", round(raw / 4095 * 3.3, 2))
    time.sleep_ms(200)

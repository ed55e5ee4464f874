# ADC: 1.2 volts are on GPIO34.
from machine import ADC, Pin

adc = ADC(Pin(34), atten=ADC.ATTN_11DB)
print(adc.read_uv(), "uV")
print(adc.read_u16() // 1000, "thousand of 65")
adc.width(ADC.WIDTH_10BIT)
print(adc.read() < 1024)
try:
    ADC(Pin(5))
except ValueError as e:
    print(e)

from machine import ADC, ADCBlock, Pin
import network


def attempt(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except Exception as e:
        print(repr(e))


for pin in (5, 16, 20, "36", None):
    attempt(ADC, pin)
attempt(ADC)
attempt(ADC, 36, 3)
attempt(ADC, 36, atten=4)
attempt(ADC, 36, width=9)
a = ADC(36)
print(a, ADC(Pin(36)) is a, ADC(36, atten=ADC.ATTN_2_5DB), a)
for f, x in ((a.atten, 4), (a.atten, -1), (a.width, 8), (a.width, 13)):
    attempt(f, x)
a.atten(ADC.ATTN_6DB)
print(a, a.read(), a.read_u16(), a.read_uv())
# The bits belong to the converter, and every input that is set up sets them.
b = a.block()
print(b, ADC(4).block(), ADC(33).block() is b)
a.width(9)
print(b)
ADC(32)
print(b)
for args, kwargs in (((0,), {}), ((0,), {"bits": 8}), ((2,), {"bits": 12}), ((-1,), {"bits": 12}), ((1, 9), {}), ((), {})):
    attempt(ADCBlock, *args, **kwargs)
b = ADCBlock(0, bits=10)
print(b, ADCBlock(1, bits=11))
for args in ((3,), (Pin(35),), (5, Pin(33)), (5, Pin(34)), (8,), (Pin(4),), (), (1, 2, 3), ("36",)):
    attempt(b.connect, *args)
print(b.connect(0, atten=ADC.ATTN_0DB), a, b)
attempt(b.init)
b.init(bits=9)
print(b)
# Who shuts one down shuts them all down.
a.deinit()
attempt(ADC(4).read)
attempt(a.read)
attempt(a.atten, 3)
a.init()
print(a.read())
# WiFi needs the second converter.
c = ADC(4)
w = network.WLAN(network.STA_IF)
w.active(True)
attempt(c.read)
attempt(c.read_uv)
print(a.read())
w.active(False)
print(c.read_u16())

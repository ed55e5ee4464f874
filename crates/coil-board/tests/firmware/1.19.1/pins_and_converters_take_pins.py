from machine import ADC, Pin

print(Pin(2, Pin.OUT), Pin(20))
a = ADC(Pin(26))
print(a, a.read(), a.read_u16())
a.atten(ADC.ATTN_11DB)
print(ADC(Pin(26)))
print(ADC(Pin(26), atten=ADC.ATTN_6DB))
for what in (
    lambda: ADC(26),
    lambda: ADC(Pin(5)),
    lambda: a.atten(4),
    lambda: a.width(13),
    lambda: a.deinit(),
    lambda: Pin(2).toggle(),
):
    try:
        print(what())
    except (ValueError, AttributeError) as e:
        print(repr(e))

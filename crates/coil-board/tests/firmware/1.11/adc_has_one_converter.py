from machine import ADC, Pin

a = ADC(Pin(34))
print(a, a.read())
print(ADC.ATTN_0DB, ADC.ATTN_11DB, ADC.WIDTH_9BIT, ADC.WIDTH_12BIT)
a.atten(ADC.ATTN_11DB)
a.width(ADC.WIDTH_10BIT)
ADC.width(ADC.WIDTH_12BIT)
for what in (
    lambda: ADC(Pin(26)),
    lambda: ADC(34),
    lambda: a.atten(4),
    lambda: a.width(4),
    lambda: a.read_u16(),
):
    try:
        print(what())
    except (ValueError, AttributeError) as e:
        print(repr(e))

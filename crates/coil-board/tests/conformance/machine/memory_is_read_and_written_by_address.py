import machine, uctypes
from machine import Pin, mem8, mem16, mem32

print(mem8, mem16, mem32, mem8 is machine.mem8)
b = bytearray(b"\x01\x02\x03\x04\xfe\xff\xff\xff")
a = uctypes.addressof(b)
print(hex(mem8[a]), hex(mem16[a + 2]), hex(mem32[a]), hex(mem32[a + 4]))
mem8[a] = 0x1FF
mem16[a + 2] = -2
mem32[a + 4] = 0x12345678
print(b)
for bad in (lambda: mem16[a + 1], lambda: mem32[a + 2], lambda: mem8["x"], lambda: mem8[0:1], lambda: mem8[a:a]):
    try:
        print(bad())
    except (ValueError, TypeError) as e:
        print(type(e).__name__)
try:
    del mem8[a]
except TypeError as e:
    print(e)
p, q = Pin(4, Pin.OUT, value=0), Pin(33, Pin.OUT, value=1)
mem32[0x3FF44008] = 1 << 4
print(p.value(), hex(mem32[0x3FF44004]), hex(mem32[0x3FF4403C] & 0x30), mem32[0x3FF44010], mem32[0x3FF44040])
mem32[0x3FF4400C] = 1 << 4
mem32[0x3FF44018] = 1 << 1
print(p.value(), q.value(), mem32[0x3FF44020], mem32[0x3FF4402C])

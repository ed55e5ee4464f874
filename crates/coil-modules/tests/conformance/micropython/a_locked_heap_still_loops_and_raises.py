# What runs without memory: loops, calls, indices, exceptions with the emergency buffer.
import micropython

class A:
    def f(self, x=3):
        return x
class B(A):
    def f(self, x=4):
        return super().f(x) + 1

def gen():
    yield 1
    yield 2

def nothing():
    pass

b, l, d, s, ba = B(), [1, 2], {'k': 1}, {5}, bytearray(4)
g = gen()
total = 0
sequences = (l, d, s, ba, b'xy', (1, 2), range(3), g)
def work():
    global total
    for seq in sequences:
        for x in seq:
            total += 1
    total += b.f() + b.f(x=1) + sum(l) + max(l) + (1 in l) + (9 in d)
    ba[1:3] = b'zz'
    total += int.from_bytes(b'\x01\x02\x00\x00\x00\x00\x00\x00\x00\x00', 'little')
micropython.heap_lock()
work()
micropython.heap_unlock()
print(total, ba)

def raised(f):
    micropython.heap_lock()
    try:
        f()
        e = None
    except Exception as x:
        e = x
    micropython.heap_unlock()
    return e

def value():
    raise ValueError(1)
def many():
    raise ValueError(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19)
def deep():
    deep()
def keyword():
    nothing(a_rather_long_keyword_that_the_emergency_buffer_has_no_room_for_at_all=1)
if hasattr(micropython, 'alloc_emergency_exception_buf'):
    micropython.alloc_emergency_exception_buf(256)
print(repr(raised(value)), type(raised(many)), type(raised(deep)))
for f in (lambda: [1, l], lambda: bytearray(3), lambda: {}, lambda: iter(l), lambda: ba.extend(b'0123456789')):
    print(type(raised(f)))
print(ba)
print(repr(raised(keyword))[:20])

# array and memoryview: type codes, slices, views that write through.
from array import array
for code in 'bBhHiIqQfd':
    a = array(code, [1, 2, 3])
    a.append(4)
    a.extend(array(code, [5]))
    print(a, len(a), a[-1], a[1:3])
print(array('b', b'\x01\xff'), array('h'), array('i', range(3)) + array('i', [9]), sum(array('B', [1, 2])))
a = array('b', [300 & 255, -1])
a[0] = 127
print(a, a == array('b', [127, -1]), bool(array('b')), [x for x in a])
buf = bytearray(b'0123456789')
m = memoryview(buf)
m[2] = 65
m[3:6] = b'xyz'
n = m[4:8]
n[0] = 66
print(buf, bytes(n), len(n), n[1:2][0], m.hex(), n == b'BzAB', list(n))
def fails(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
def put(v, i, x):
    v[i] = x
fails(lambda: put(memoryview(b'abc'), 0, 1))
fails(lambda: put(m, slice(0, 2), b'abc'))
fails(lambda: m[100])
fails(lambda: memoryview(1))
fails(lambda: array('!', [1]))
fails(lambda: array('b', ['a']))
fails(lambda: array('f', ['a']))
fails(lambda: put(m, 0, 'a'))

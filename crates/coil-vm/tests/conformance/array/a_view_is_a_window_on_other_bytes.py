# memoryview: items of the array's size, slices of slices, assignment, comparison, what is refused.
from array import array
b = bytearray(b"0123456789")
m = memoryview(b)
h = memoryview(array("h", [1, -2, 300]))
f = memoryview(array("d", [0.5, 1]))
r = memoryview(b"fixed")
TEXT = r'''
len(m), m[0], m[-1], bytes(m[2:5]), bytes(m[-3:]), bytes(m[5:2]), bytes(m[:]), len(m[20:]), bytes(m[2:8][1:3]), bytes(m[1:][1:][1:])
h[0], h[1], h[2], len(h), list(h), list(h[1:]), bytes(h), bytes(h[1:2]), h.itemsize, f.itemsize, m.itemsize, h[1:].itemsize
f[0], list(f), f[1:][0]
m[10]
m[-11]
h[3]
m["a"]
m[1.0]
m[::2]
m[::-1]
h[::2]
m == b, m == bytes(b), bytes(b) == m, b == m, m == memoryview(bytes(b)), m != b, m == "0123456789", m == [1], r == b"fixed", h == h, memoryview(b"") == b""
m < b
m + b
m * 2
48 in m, 1 in m
"0" in m
hash(m)
bool(m), bool(memoryview(b"")), list(reversed(r)), sorted(r)[:2], max(r), b"-".join([memoryview(b"a"), memoryview(b"b")])
m.hex(), r.hex(), r.hex(":"), h.hex()
m.decode()
m.tobytes()
m.x
m.append(1)
memoryview(5)
memoryview("abc")
memoryview([1])
memoryview()
memoryview(b"", 1)
bytes(memoryview(memoryview(b"ab")))
int.from_bytes(r, "big"), bytearray(r), r[0:2] == b"fi", str(r[0:2], "ascii")
b.find(memoryview(b"34")), b"%s" % b"x" if False else 0, memoryview(b"ab") == bytearray(b"ab")
type(r).__name__, isinstance(r, memoryview)
for s in ("m[0] = 65", "m[-1] = 66", "m[1:3] = b'xy'", "m[4:6] = m[1:3]", "m[0:4] = m[2:6]", "m[2:6] = m[0:4]", "m[1:3] = b'long'", "m[1:3] = b''", "m[1:3] = [1, 2]", "m[1:3] = 'ab'", "m[10] = 1", "m[0] = 'a'", "m[0] = 300", "m[0] = -1", "m[::2] = b'01234'", "del m[0]", "del m[1:2]", "r[0] = 1", "r[0:2] = b'ab'", "h[0] = 70000", "h[0:1] = array('h', [5])", "h[0:1] = b'ab'", "h[0:2] = b'ab'", "f[0] = 2", "m[:] = bytes(10)", "m += b'a'"):
    try:
        exec(s)
        print(s, b, list(h), list(f))
    except Exception as e:
        print(s, "|", type(e).__name__, e)
'''
for e in TEXT.strip().split("\n"):
    try:
        print(e, "->", eval(e))
    except Exception as x:
        print(e, "|", type(x).__name__, x)

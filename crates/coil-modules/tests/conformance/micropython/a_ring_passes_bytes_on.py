# micropython.RingIO: a ring of bytes as a stream.
import micropython

def attempt(what, f):
    try:
        print(what, f())
    except Exception as e:
        print(what, type(e).__name__)

r = micropython.RingIO(8)
print(r.any(), r.write(b'abc'), r.any(), r.read(2), r.any())
for i in range(7):
    print(r.write(bytes([65 + i] * 3)), r.any(), r.read(3))
print(r.write(b'0123456789'), r.read(), r.read(), r.read(1))
r.write(b'x\nyz')
print(r.readline(), r.readline())
b = bytearray(6)
print(r.write(b'0123456789', 2), r.write(b'abcdef', 1, 3), r.readinto(b), b, r.readinto(b, 1))
buffer = bytearray(5)
r = micropython.RingIO(buffer)
print(r.write(b'hello'), r.any(), r.read(1), r.write(b'!!'), r.read())
r.close()
for size in (0, 1, 65534, 65535, -1, None, 'a', bytearray(1), bytearray(2)):
    attempt(repr(size)[:20], lambda: micropython.RingIO(size).any())

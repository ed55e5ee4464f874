# Slices of every sequence: bounds, steps, assignment, deletion, errors.
a = list(range(6))
for start in (None, -10, -7, -3, -1, 0, 2, 5, 6, 10):
    print([a[start:stop] for stop in (None, -10, -3, -1, 0, 3, 6, 10)])
    print([a[start:stop:step] for stop in (None, -4, 0, 4, 10) for step in (1, 2, 3, -1, -2, -3, 7, -7)])
    print([tuple(a)[start:stop:1] for stop in (None, -4, 0, 4, 10)])
    print([range(6)[start:stop:step] for stop in (None, -4, 0, 4, 10) for step in (1, 2, -1, -2)])
def tries(source):
    a = [0, 1, 2, 3, 4]
    b = bytearray(b"01234")
    g = {"a": a, "b": b}
    try:
        exec(source, g)
        print(source, "->", a, b)
    except Exception as e:
        print(source, "|", type(e).__name__, e, a, b)
for s in """a[1:3] = []
a[1:3] = [9]
a[1:3] = [7, 8, 9]
a[:] = []
a[2:] = (5,)
a[:0] = [1, 2]
a[10:] = [1]
a[-1:] = range(3)
a[3:1] = [9]
a[1:2] = a
a[1:3] = "ab"
a[1:3] = 5
a[1:3] = None
a[1:3] = iter([7])
a[::2] = [1, 2, 3]
a[::2] = [1]
a[::-1] = [1, 2, 3, 4, 5]
a[::0] = []
a[1:3:1] = [5]
del a[1:3]
del a[:]
del a[3:1]
del a[::2]
del a[::-1]
del a[10:]
del a[-2:]
del a[1], a[0]
del a[5]
a[5] = 1
a[-6] = 1
a["x"] = 1
a[1.0]
a[::0]
a["a":]
a[1.5:]
a[:None]
a[True:]
a[2**70:]
a[-2**70:2]
b[1:3] = b""
b[1:3] = b"xyz"
b[1:3] = bytearray(b"q")
b[1:3] = [1, 2]
b[1:3] = "ab"
b[1:3] = 5
b[::2] = b"abc"
b[::2] = b"a"
b[:] = b
b[5:] = b"end"
b[0] = 300
b[0] = -1
b[0] = "a"
b[9] = 1
del b[1:3]
del b[0]
b += b"xy"
b += "xy"
b += [1]
b += 5
b *= 2
a += "xy"
a += 5
a *= 2
a *= 1.5
a *= -1
a += a""".split("\n"):
    tries(s)
class Show:
    def __getitem__(self, i):
        return i
    def __setitem__(self, i, v):
        print("set", i, v)
    def __delitem__(self, i):
        print("del", i)
s = Show()
print(s[1:2], s[:], s[::3], s[1, 2], s[1:2, 3], s[-1:None:"x"], s[...], s[()])
s[1:2] = 5
del s[::2]
print(slice(1) if False else s[:1], s[1:5:2].start, s[1:5:2].stop, s[1:5:2].step, s[:].start)
for args in ((None, None, None), (1, None, None), (None, -1, 2), (None, None, -1), (10, -10, -3), (-2, 100, 1)):
    x = s[args[0]:args[1]:args[2]]
    print([x.indices(n) for n in (0, 1, 5)])
for f in (lambda: s[::0].indices(5), lambda: s[:].indices("a"), lambda: s[:].x, lambda: slice(1), lambda: s["a":].indices(5), lambda: s[:] == s[:], lambda: hash(s[:]), lambda: {}[1:2], lambda: {}.get(s[:])):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)

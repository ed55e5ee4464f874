# MemoryError: growing everything until there is no room, and going on afterwards.
def full(f):
    try:
        f()
        return "had room"
    except MemoryError as e:
        return "MemoryError"
def lists():
    a = []
    while True:
        a.append([0] * 5000)
def strings():
    s = "x"
    while True:
        s += s
def dicts():
    d = {}
    while True:
        d[len(d)] = bytes(10000)
def sets():
    s = set()
    while True:
        s.add(str(1000 + len(s)) * 5000)
def ints():
    n, k = 3, 64
    while True:
        n <<= k
        k *= 2
def arrays():
    b = bytearray(1)
    while True:
        b += b
def classes():
    a = []
    while True:
        a.append(type("X", (), {"a": [0] * 5000}))
def closures():
    def make():
        x = [0] * 5000
        return lambda: x
    a = []
    while True:
        a.append(make())
def generators():
    def g():
        yield bytearray(10000)
    a = []
    while True:
        i = g()
        next(i)
        a.append(i)
for f in (lists, strings, dicts, sets, ints, arrays, classes, closures, generators):
    print(f.__name__ if hasattr(f, "__name__") else "", full(f), len([0] * 1000))

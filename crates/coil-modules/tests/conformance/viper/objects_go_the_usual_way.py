import micropython


@micropython.viper
def report(name, n: int, flag: bool):
    out = []
    for k in sorted((3, 1, 2)):
        out.append((k, [n, None, flag], name))
    with Guard() as g:
        g.seen = n + 1
        print(f"{name}:{n}", g.seen, flag)
    try:
        print(out[n])
    except IndexError:
        print("no item", n)
    return out


class Guard:
    def __enter__(self):
        return self

    def __exit__(self, a, b, c):
        print("exit", a)


try:
    print(report("x", 7, []))
except Exception as e:
    print(type(e), e)


@micropython.viper
def count(items) -> int:
    n = 0
    for x in items:
        if x is not items and x in items and not x in (3, 4):
            n += 1
    return n


@micropython.viper
def quirks():
    global shared
    shared = None
    a = None
    print(a, None, [a, None], uint(3), bool(0))
    return a


print(count([1, 2, 3]), quirks(), shared)


@micropython.viper
def choose(a: int, b) -> int:
    x = a if a > 3 else 4
    y = a or 9
    z = a and 5
    ok = 1 < a < 10
    if ok and not a == 5 or b:
        x += 100
    return x * 10000 + y * 100 + z


print([choose(i, 0) for i in (0, 3, 5, 12)], choose(0, [1]))


@micropython.viper
def lots(a: int, b: object, c: int):
    return a + c, b


for args in ((1, 2), (1, 2, 3), (1, 2, "x"), (1, 2, 1.5), (1, 2, True)):
    try:
        print(lots(*args))
    except TypeError as e:
        print(e)
try:
    lots(1, 2, c=3)
except TypeError as e:
    print(e)


@micropython.native
def native(n):
    x = 5
    del x
    total = 0
    for i in range(n):
        total += i
    return total, x


print(native(10))


@micropython.native
def failing():
    raise ValueError("from native")


try:
    failing()
except ValueError as e:
    print(e)
print(hasattr(lots, "__name__"), hasattr(native, "__name__"))

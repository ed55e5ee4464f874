# Parameters, closures, classes and names.
def shape(a, b=2, *rest, key=4, other, **more):
    return a, b, rest, key, other, sorted(more.items())


print(shape(1, other=0), shape(1, 3, 5, 7, other=8, key=9, x=10))
args, kwargs = [1, 2, 3], {"other": "o", "z": 26}
print(shape(*args, **kwargs), shape(0, *args, key="k", **kwargs), shape(*(), a=5, **kwargs))
for bad in (lambda: shape(), lambda: shape(1, a=2, other=3), lambda: shape(1)):
    try:
        bad()
    except TypeError as e:
        print(e)


def counter(start, step=1):
    value = start

    def advance(by=step, *, twice=False):
        nonlocal value
        value += by * 2 if twice else by
        return value, start

    return advance


c = counter(10, 5)
print(c(), c(1), c(twice=True), c(by=-3))


class Base:
    kind = "base"

    def __init__(self, name):
        self.name = name

    def tell(self, mark="."):
        return self.name + mark

    @classmethod
    def make(cls, *names):
        return [cls(n) for n in names]

    @property
    def upper(self):
        return self.name.upper()


class Derived(Base):
    kind = Base.kind + "+"

    def tell(self, mark="!"):
        return super().tell(mark) + __class__.__name__

    def __getitem__(self, key):
        return key


d = Derived("d")
print(d.tell(), [x.tell("?") for x in Derived.make("p", "q")], d.kind, d.upper)
print(d[1:2], d[::3], d[1, 2], d["x"])
d.extra = [1, 2, 3, 4]
d.extra[0] += 10
d.extra[1:3] = ["a", "b"]
del d.extra[-1]
print(d.extra)
del d.extra
print(hasattr(d, "extra"))
x = y = z = 0
x, (y, *z), w = 1, (2, 3, 4, 5), 6
print(x, y, z, w)
x, y = y, x
x, y, w = w, x, y
print(x, y, w)


def unbound(flag):
    if flag:
        local = 1
    return local


def removed():
    a = [1]
    b = a
    del a
    return a, b


for f in (lambda: unbound(0), removed, lambda: nowhere):
    try:
        print(f())
    except NameError as e:
        print(type(e).__name__)
print(unbound(1))
f = lambda n, g=lambda x: x + 1: g(n) * 2
print(f(3), f(3, g=abs), (lambda *a, **k: (a, k))(1, k=2))
import sys
from sys import version_info as info, maxsize

print(sys.maxsize == maxsize, info[0] >= 3)
print(1.5, 2j, b"bytes", "text\n", 123456789012345678901234567890, -(2**70), ..., None, (1, (True, "t")))

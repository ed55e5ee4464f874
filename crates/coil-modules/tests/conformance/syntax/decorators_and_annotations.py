# Decorators: order, arguments, on classes; annotations are accepted and evaluated or not as the reference does.
def tag(t):
    print("make", t)
    def deco(f):
        print("apply", t)
        def g(*a, **k):
            return (t, f(*a, **k))
        return g
    return deco
@tag("outer")
@tag("inner")
def f(x, *, y=2):
    return x + y
print(f(1), f(1, y=5))
def cls(c):
    c.extra = 1
    return c
@cls
class A:
    @staticmethod
    def s(x):
        return x
    @classmethod
    def c(cls, x):
        return cls.__name__, x
    @property
    def p(self):
        return "prop"
    @p.setter
    def p(self, v):
        print("set", v)
    @p.deleter
    def p(self):
        print("del")
print(A.extra, A.s(1), A.c(2), A().s(3), A().c(4), A().p)
a = A()
a.p = 5
del a.p
class R:
    @property
    def p(self):
        return 1
for what in ("R().p = 1", "del R().p"):
    try:
        exec(what)
    except AttributeError as e:
        print(what, "|", e)
ds = [lambda f: "replaced"]
ds0 = ds[0]
@ds0
def g():
    pass
print(g)
def ann(a: print, b: int = 3, *c: str, d: "x" = 4, **e) -> list:
    r: int = a
    s: undefined_name
    return r, b, c, d, e
print(ann(1))
v: undefined_name_too = 3
print(v)
class B:
    x: int = 1
    y: str
print(B.x, hasattr(B, "y"))
@tag("gen")
def gen():
    yield 1
print(list(gen()[1]))
from micropython import const
_HIDDEN = const(1 + 2)
SHOWN = const(4)
print(_HIDDEN, SHOWN, "SHOWN" in globals(), "_HIDDEN" in globals())
for bad in ("from micropython import const\nX = const(y)", "from micropython import const\nX = const(1)\nX = const(2)"):
    try:
        exec(bad)
        print("ok")
    except SyntaxError as e:
        print(e)

# __new__ and __init__, instances of other classes, class bodies, type() with three arguments.
class A:
    def __new__(cls, *a):
        print("new", cls.__name__, a)
        return object.__new__(cls)
    def __init__(self, *a):
        print("init", a)
A(1, 2)
class B(A):
    def __new__(cls, x):
        r = super().__new__(cls, x)
        r.made = x
        return r
    def __init__(self, x):
        print("B.init", x, self.made)
B(3)
class Other:
    def __new__(cls):
        return 5
    def __init__(self):
        print("never")
print(Other())
class Single:
    it = None
    def __new__(cls):
        if cls.it is None:
            cls.it = object.__new__(cls)
        return cls.it
print(Single() is Single())
class Bad:
    def __init__(self):
        return 1
try:
    Bad()
except TypeError as e:
    print(e)
class NoInit:
    pass
for call in (lambda: NoInit(1), lambda: NoInit(x=1), lambda: A.__init__(A.__new__(A)), lambda: object(), lambda: object(1), lambda: int(1, 2, 3), lambda: type("X", (), {})(), lambda: type(1), lambda: type(1, 2), lambda: type(1, (), {}), lambda: type("X", 1, {}), lambda: type("X", (), 1)):
    try:
        r = call()
        print("ok", r if isinstance(r, (int, type(None))) else type(r).__name__)
    except TypeError as e:
        print(type(e).__name__, e)
class Body:
    print("in body", __name__ if False else "")
    n = 1
    for i in range(3):
        n += i
    def f(self, k=n):
        return k
    if n > 2:
        g = lambda self: "big"
print(Body.n, Body.i, Body().f(), Body().g())
X = type("X", (Body,), {"n": 100, "h": lambda self: self.n})
x = X()
print(X.__name__, x.h(), x.f(), isinstance(x, Body))
class Counter:
    count = 0
    def __init__(self):
        Counter.count += 1
        self.id = Counter.count
print([Counter().id for _ in range(3)], Counter.count)
class Slots:
    __slots__ = ("a",)
s = Slots()
s.b = 1
print(s.b)
class Call:
    def __call__(self, *a, **k):
        return a, k
print(Call()(1, *(2, 3), x=4, **{"y": 5}))
class Meth:
    def a(self): return self
    b = len
    c = staticmethod(lambda: "c")
    d = classmethod(lambda cls: cls.__name__)
m = Meth()
print(m.a() is m, Meth.a(5), m.b([1, 2]), m.c(), Meth.c(), m.d(), Meth.d())
f = m.a
print(f() is m)
try:
    Meth.a()
except TypeError as e:
    print("TypeError")
class Outer:
    class Inner:
        v = 1
        def get(self):
            return self.v
    def make(self):
        return self.Inner()
print(Outer().make().get())

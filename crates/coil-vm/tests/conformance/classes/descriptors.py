# Descriptors written in Python, and property by hand.
class Desc:
    def __init__(self, name):
        self.name = name
    def __get__(self, obj, cls):
        print("get", self.name, obj is not None, cls.__name__ if cls else None)
        return self.name
    def __set__(self, obj, v):
        print("set", self.name, v)
    def __delete__(self, obj):
        print("delete", self.name)
class A:
    d = Desc("d")
a = A()
print(a.d)
a.d = 5
del a.d
print("d" in a.__dict__)
class ReadOnly:
    def __get__(self, obj, cls):
        return "ro"
class B:
    r = ReadOnly()
b = B()
print(b.r)
b.r = 1
print(b.r)
class C:
    def __init__(self):
        self._v = 0
    def get(self):
        print("getter")
        return self._v
    def put(self, v):
        print("setter", v)
        self._v = v
    def drop(self):
        print("deleter")
    v = property(get, put, drop)
    w = property(get)
    n = property()
c = C()
c.v = 3
print(c.v)
c.v += 1
del c.v
for what in ("c.w = 1", "del c.w", "c.n", "c.n = 1"):
    try:
        exec(what)
    except (AttributeError, TypeError) as e:
        print(what, "|", type(e).__name__, e)
class D(C):
    @property
    def v(self):
        return "D" + str(super().v)
print(D().v)
class Named:
    def __set_name__(self, owner, name):
        print("named", owner.__name__, name)
class E:
    x = Named()
    y = Named()
class Lazy:
    def __init__(self, f):
        self.f = f
    def __get__(self, obj, cls):
        v = self.f(obj)
        setattr(obj, "cached", v)
        return v
class F:
    @Lazy
    def big(self):
        print("computed")
        return 42
f = F()
print(f.big, f.cached)
class Raises:
    @property
    def p(self):
        raise ValueError("p")
    @property
    def q(self):
        raise AttributeError("q")
    def __getattr__(self, name):
        return "fallback " + name
r = Raises()
for name in "pq":
    try:
        print(getattr(r, name))
    except Exception as e:
        print(repr(e))

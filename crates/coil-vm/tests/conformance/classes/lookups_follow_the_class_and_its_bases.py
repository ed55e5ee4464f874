# Attributes of instances, classes and bases: order, descriptors, super, what may be overridden.
class A:
    name = "A"
    def hi(self):
        return "A.hi " + type(self).__name__
    @classmethod
    def cls(cls):
        return cls.__name__
    @staticmethod
    def stat(x=1):
        return x
class B(A):
    def hi(self):
        return "B.hi>" + super().hi()
class C(A):
    name = "C"
    def hi(self):
        return "C.hi>" + super().hi()
class D(B, C):
    def hi(self):
        return "D.hi>" + super().hi()
for k in (A, B, C, D):
    print(k.__name__, k().hi(), k.name, k.cls(), k().cls(), k.stat(), k().stat(5), k.__bases__, issubclass(k, A))
print(D.hi(D()), A.hi(D()), super(D, D()).hi(), super(B, D()).hi())
class Tracks:
    def __getattr__(self, n):
        if n[0] == "_":
            raise AttributeError(n)
        return "got " + n
t = Tracks()
print(t.x, hasattr(t, "_x"), getattr(t, "_x", "none"), getattr(t, "y"))
t.x = 5
print(t.x, t.__dict__)
try:
    t._x
except AttributeError as e:
    print("AttributeError", e)
class Keeps:
    def __init__(self):
        object.__setattr__(self, "log", [])
    def __setattr__(self, n, v):
        self.log.append(("set", n, v))
        object.__setattr__(self, n, v)
    def __delattr__(self, n):
        self.log.append(("del", n))
        object.__delattr__(self, n)
k = Keeps()
k.a = 1
k.a += 2
del k.a
setattr(k, "b", 3)
delattr(k, "b")
print(k.log)
for f in (lambda: delattr(k, "b"), lambda: k.b, lambda: Keeps.nope, lambda: delattr(Keeps, "nope")):
    try:
        f()
    except AttributeError as e:
        print(type(e).__name__, e)
class Desc:
    def __get__(self, i, o):
        return ("get", i is None, o.__name__)
    def __set__(self, i, v):
        print("set", type(i).__name__, v)
    def __delete__(self, i):
        print("delete", type(i).__name__)
class Has:
    d = Desc()
h = Has()
print(h.d, type(Has.d).__name__, Has.d.__get__(h, Has))
h.d = 5
del h.d
h.__dict__
class P:
    def __init__(self):
        self._v = 1
    @property
    def v(self):
        return self._v
    @v.setter
    def v(self, x):
        self._v = x * 2
    @v.deleter
    def v(self):
        print("deleted")
    ro = property(lambda self: "ro")
    nothing = property()
p = P()
p.v = 5
print(p.v, p.ro)
del p.v
for s in ("p.ro = 1", "del p.ro", "p.nothing", "p.nothing = 1", "P.v.x", "p.missing", "del p.missing", "P.missing = 1; print(p.missing)", "del P.missing", "del P.missing", "p.__class__ = A", "p.__dict__ = {}", "A.__name__ = 'B'", "A.__dict__['x'] = 1", "p.__dict__['y'] = 1", "super().x", "super(A, 1).hi()", "super(1, 2)", "super(A, A()).missing"):
    try:
        exec(s)
        print(s, "done")
    except Exception as e:
        print(s, "|", type(e).__name__, e)

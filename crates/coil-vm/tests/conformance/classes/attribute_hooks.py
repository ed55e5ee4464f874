# __getattr__, __setattr__, __delattr__, __dict__, and attributes of classes.
class A:
    k = "class"
    def __init__(self):
        self.x = 1
    def __getattr__(self, name):
        print("getattr", name)
        if name == "boom":
            raise ValueError(name)
        if name == "none":
            raise AttributeError(name)
        return name.upper()
a = A()
print(a.x, a.k, a.y, hasattr(a, "z"), hasattr(a, "none"), getattr(a, "none", "default"))
for name in ("boom", "none"):
    try:
        getattr(a, name)
    except Exception as e:
        print(repr(e))
try:
    hasattr(a, "boom")
except ValueError as e:
    print(repr(e))
class B:
    def __setattr__(self, name, v):
        print("set", name, v)
        object.__setattr__(self, name, v)
    def __delattr__(self, name):
        print("delattr", name)
        object.__delattr__(self, name)
b = B()
b.x = 1
b.x += 1
print(b.x, b.__dict__)
del b.x
try:
    del b.x
except AttributeError as e:
    print(e)
setattr(b, "y", 5)
print(getattr(b, "y"), b.__dict__)
try:
    b.__dict__["z"] = 1
except TypeError as e:
    print(e)
class C:
    pass
C.f = lambda self: "f"
c = C()
print(c.f())
c.f = lambda: "own"
print(c.f())
del c.f
print(c.f())
del C.f
for what in ("c.f", "C.f", "del c.f", "del C.f", "c.g = 1; del c.g; c.g", "C.__name__ = 1"):
    try:
        exec(what)
        print(what, "ok")
    except AttributeError as e:
        print(what, "|", e)
print(C.__name__, c.__class__ is C, type(c) is C, C.__class__ is type, C.__bases__)
for v in (1, "s", None, [], {}, (), 1.5, len, lambda: 1, iter([]), type, object()):
    for what in ("v.nope", "v.nope = 1", "del v.nope"):
        try:
            exec(what, {"v": v})
            print(what, "ok")
        except AttributeError as e:
            print(what, "|", e)
class D:
    def __getattr__(self, name):
        return name
    def __len__(self):
        return 3
d = D()
print(len(d), d.__len__(), d.foo, d.__foo__)
try:
    d[0]
except TypeError as e:
    print(e)

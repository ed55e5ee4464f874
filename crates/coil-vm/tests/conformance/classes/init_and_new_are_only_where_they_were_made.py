# Which special names a class has, its own and those that it does not define.
class Empty:
    pass
class Init:
    def __init__(self, *a):
        self.a = a
class New:
    def __new__(cls, *a):
        return object.__new__(cls)
class Both(Init, New):
    pass
class Sub(Init):
    pass
class L(list):
    pass
class E(Exception):
    pass
for c in (Empty, Init, New, Both, Sub, L, E, object, int, list, dict, Exception, ValueError):
    print(c.__name__, *(hasattr(c, n) for n in ("__init__", "__new__", "__setattr__", "__delattr__", "__getattr__", "__repr__", "__str__", "__eq__", "__call__", "__len__", "__dict__", "__name__", "__qualname__", "__bases__", "__class__", "__module__", "__doc__", "__getitem__", "__iter__", "__hash__", "__del__")))
for v in (Empty(), Init(), New(), Both(), L(), E(), object(), 5, [], {}, ValueError()):
    print(type(v).__name__, *(hasattr(v, n) for n in ("__init__", "__new__", "__setattr__", "__class__", "__dict__", "__name__", "__module__", "__len__", "__getitem__")))
for s in ("Empty.__init__(Empty())", "Empty().__init__()", "Empty.__new__(Empty)", "Empty().__new__(Empty)", "object.__init__(Empty())", "object.__init__()", "object.__init__(5)", "object().__init__()", "object.__new__(Empty)", "object.__new__()", "object.__new__(5)", "object.__new__(Empty, 1)", "object.__init__(Empty(), 1)", "object().__init__(1)", "Empty.__init__", "list.__init__", "len.__class__", "object.__new__(int)", "Init.__init__(Init(), 1)", "Init().__init__(2)", "super(Sub, Sub()).__init__(3)", "L.__init__(L(), [1])", "L().__init__([1])", "list.__init__([])", "[].__init__()", "list.__new__(list)", "int.__new__(int)", "E.__init__(E(), 1)", "E().__init__(1)", "Exception.__init__(E(), 1, 2)", "Exception.__new__(E, 1)", "E.__new__(E)", "object.__setattr__(Empty(), 'a', 1)", "object.__setattr__(5, 'a', 1)", "object.__delattr__(Empty(), 'a')", "Empty.__setattr__(Empty(), 'a', 1)", "object.x", "object().x", "object().x = 1", "Empty.__class__", "Empty().__class__", "type(Empty)", "type(type)", "Empty.__name__", "Empty.__bases__", "Both.__bases__", "object.__bases__", "int.__bases__", "bool.__bases__", "E.__bases__", "Empty.__dict__", "Init().__dict__", "Empty().__name__", "Empty.__qualname__", "Empty.__module__"):
    try:
        r = eval(s) if "= 1" not in s or "(" in s.split("=")[-1] else exec(s)
        print(s, "->", r if r is None or isinstance(r, (tuple, str, dict, type)) else type(r).__name__)
    except Exception as e:
        print(s, "|", type(e).__name__, e)
class WithSuper(Empty):
    def __init__(self):
        super().__init__()
        print("empty's init reached")
    def __new__(cls):
        return super().__new__(cls)
WithSuper()
class Passes(Empty):
    def __init__(self, *a):
        super().__init__(*a)
for a in ((), (1,)):
    try:
        print(type(Passes(*a)).__name__)
    except TypeError as e:
        print(e)
class WithSuper2(L):
    def __init__(self, *a):
        super().__init__(*a)
        print("list's init reached", self)
WithSuper2([1, 2])
class WithSuper3(E):
    def __init__(self, x):
        super().__init__(x, "more")
        self.x = x
print(repr(WithSuper3(5)), WithSuper3(5).args, WithSuper3(6).x)

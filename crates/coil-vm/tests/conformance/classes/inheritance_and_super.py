# Depth first through the bases, as the reference does it; super in methods, class methods and by hand.
class A:
    tag = "A"
    def __init__(self, *a):
        print("A.__init__", a)
    def who(self):
        return "A"
    @classmethod
    def make(cls):
        return cls.__name__
class B(A):
    def who(self):
        return "B" + super().who()
class C(A):
    tag = "C"
    def who(self):
        return "C" + super().who()
class D(B, C):
    def __init__(self):
        super().__init__(1, 2)
        print("D.__init__")
    def who(self):
        return "D" + super().who() + "|" + C.who(self) + "|" + super(B, self).who()
    @classmethod
    def make(cls):
        return "D." + super().make()
d = D()
print(d.who(), d.tag, D.make(), d.make())
print(isinstance(d, A), issubclass(D, C), isinstance(d, (int, C)), issubclass(B, (str, A)), issubclass(A, B))
print(D.__bases__ == (B, C), A.__bases__, object.__bases__ if hasattr(object, "__bases__") else "-")
class E:
    pass
e = E(1, 2) if False else E()
print(E(1, x=2).__class__ is E)
class F(E):
    x = 1
    def get(self):
        return super().x
try:
    F().get()
except AttributeError as err:
    print(err)
class G(list):
    def __init__(self, n):
        super().__init__(range(n))
    def append(self, v):
        super().append(v * 2)
    def __len__(self):
        return 100
g = G(3)
g.append(5)
print(g, len(g), g[3], g == [0, 1, 2, 10], isinstance(g, list))
class H(dict):
    def __missing__(self, k):
        return "missing"
    def __getitem__(self, k):
        try:
            return super().__getitem__(k)
        except KeyError:
            return "gone " + k
print(H(a=1)["a"], H()["b"])
class S(str):
    def shout(self):
        return self.upper() + "!"
s = S("hey")
print(s, s.shout(), s + "x", len(s), s == "hey")
class I(int):
    pass
print(I(5) + 1, I("7"), I(1) == 1)
class T(tuple):
    pass
print(T((1, 2)), T([3]) + (4,), len(T()))
class X(Exception):
    def __str__(self):
        return "X:" + str(self.args)
try:
    raise X(1, 2)
except X as err:
    print(err, repr(err), err.args)
for bases in ((int, str), (B, A), (A, B), (bool,), (type(None),), (1,)):
    try:
        print(type("N", bases, {}).__name__)
    except TypeError as err:
        print(type(err).__name__, err)

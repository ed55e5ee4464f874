# All operator methods, their reversed forms, NotImplemented, and what is tried in which order.
ops = "+ - * / // % ** @ << >> & | ^ < <= > >= == !=".split()
names = "add sub mul truediv floordiv mod pow matmul lshift rshift and or xor lt le gt ge eq ne".split()
class Base:
    def __init__(self, n):
        self.n = n
class L(Base):
    pass
class R(Base):
    pass
class N(Base):
    pass
def method(kind, name):
    return lambda self, other: (kind, name, self.n, other.n if isinstance(other, Base) else other)
for name in names:
    setattr(L, "__" + name + "__", method("L", name))
    setattr(N, "__" + name + "__", lambda self, other: NotImplemented)
    if name not in ("lt", "le", "gt", "ge", "eq", "ne"):
        setattr(R, "__r" + name + "__", method("R", name))
for op in ops:
    for a, b in ((L(1), 2), (L(1), R(2)), (3, R(4)), ("s", R(5)), (N(6), R(7)), (N(8), 9), (N(1), N(2)), (Base(1), Base(2))):
        try:
            r = eval("a %s b" % op, {"a": a, "b": b})
            print(op, r)
        except TypeError as e:
            print(op, "|", e)
class U:
    def __neg__(self): return "neg"
    def __pos__(self): return "pos"
    def __invert__(self): return "inv"
    def __abs__(self): return "abs"
    def __len__(self): return 0
    def __hash__(self): return 7
    def __contains__(self, x): return x == 1
    def __call__(self, *a, **k): return a, k
    def __int__(self): return 5
    def __float__(self): return 2.5
    def __complex__(self): return 1j
    def __getitem__(self, i): return i
    def __setitem__(self, i, v): print("set", i, v)
    def __delitem__(self, i): print("del", i)
    def __str__(self): return "str"
    def __repr__(self): return "repr"
    def __divmod__(self, o): return "divmod", o
u = U()
print(-u, +u, ~u, abs(u), not u, bool(u), len(u), hash(u), 1 in u, 2 in u, 2 not in u, u(1, k=2))
print(int(u), float(u), complex(u), u[3], u["k"], u[1, 2], u[1:2], u, repr(u), [u], "%s %r" % (u, u), divmod(u, 3))
u[1] = 2
del u[3]
class V:
    def __bool__(self): return False
    def __len__(self): return 5
print(bool(V()), not V(), 1 if V() else 2)
class W: pass
for what in ("-w", "+w", "~w", "abs(w)", "len(w)", "w[0]", "w()", "1 in w", "int(w)", "float(w)", "iter(w)", "next(w)", "w < w", "w + 1", "1 + w", "hash(w) == hash(w)", "w == w", "w != w", "w == 1", "del w[0]", "w[0] = 1", "[] + w", "w += 1", "divmod(w, 1)", "round(w)", "complex(w)", "with_(w)"):
    try:
        print(what, eval(what, {"w": W()}))
    except (TypeError, NameError, SyntaxError, AttributeError) as e:
        print(what, "|", type(e).__name__, e)
class Bad:
    def __len__(self): return -1
    def __bool__(self): return 5
    def __hash__(self): return "x"
    def __str__(self): return 5
    def __repr__(self): return None
    def __int__(self): return "s"
for what in ("len(b)", "bool(b)", "hash(b)", "str(b)", "repr(b)", "int(b)", "b in {}"):
    try:
        print(what, eval(what, {"b": Bad()}))
    except (TypeError, ValueError) as e:
        print(what, "|", type(e).__name__, e)

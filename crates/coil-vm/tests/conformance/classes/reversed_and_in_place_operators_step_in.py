# __add__ and its reversed and in-place kinds, comparisons, unary ones, containers, calls.
class N:
    def __init__(self, name):
        self.name = name
    def __repr__(self):
        return self.name
OPS = "add sub mul truediv floordiv mod pow lshift rshift and or xor matmul".split()
SIGNS = "+ - * / // % ** << >> & | ^ @".split()
class Left(N):
    pass
class Right(N):
    pass
class InPlace(N):
    pass
for op in OPS:
    setattr(Left, "__%s__" % op, lambda self, o, op=op: (op, self.name, o if isinstance(o, int) else str(o)))
    setattr(Right, "__r%s__" % op, lambda self, o, op=op: ("r" + op, self.name, o if isinstance(o, int) else str(o)))
    setattr(InPlace, "__i%s__" % op, lambda self, o, op=op: ("i" + op, self.name, o))
l, r, i, n = Left("l"), Right("r"), InPlace("i"), N("n")
for sign in SIGNS:
    for text in ("l %s 1", "1 %s r", "l %s r", "n %s r", "r %s r", "'a' %s r", "1 %s l", "n %s 1", "[] %s n", "None %s r", "1.5 %s r"):
        try:
            print(eval(text % sign), end=" ")
        except Exception as e:
            print(type(e).__name__, e, end=" ")
    for name in "lin":
        g = {"x": {"l": l, "i": i, "n": n}[name]}
        try:
            exec("x %s= 5" % sign, g)
            print(g["x"], end=" ")
        except Exception as e:
            print(type(e).__name__, e, end=" ")
    print()
class Order:
    def __lt__(self, o): return "lt"
    def __ge__(self, o): return []
print(Order() < 1, Order() >= 1, Order() < Order())
for t in ("1 > Order()", "1 <= Order()", "Order() > Order()", "Order() > 1", "1 < Order()", "Order() <= 1", "Order() == 1", "Order() != 1", "n < n", "n == n", "n != n", "not n", "-n", "~n", "+n", "abs(n)", "len(n)", "n[0]", "n()", "iter(n)", "1 in n", "hash(n) is not None", "int(n)", "float(n)", "complex(n)", "bool(n)", "round(n)", "divmod(n, 1)", "divmod(1, n)", "pow(n, 2)", "next(n)", "n.x", "str(n)", "'%d' % n", "'{:d}'.format(n)", "'{}'.format(n)", "bytes(n)", "[1, 2][n]", "range(n)", "[0] * n", "list(n)", "dict(n)", "print(*n)", "print(**n)"):
    try:
        print(t, eval(t))
    except Exception as e:
        print(t, type(e).__name__, e)
class All:
    def __neg__(self): return "neg"
    def __pos__(self): return "pos"
    def __invert__(self): return "invert"
    def __abs__(self): return "abs"
    def __len__(self): return 3
    def __bool__(self): return False
    def __hash__(self): return 7
    def __int__(self): return 42
    def __float__(self): return 1.5
    def __complex__(self): return 2j
    def __contains__(self, x): return x == 1
    def __call__(self, *a, **k): return a, k
    def __getitem__(self, i): return i
    def __eq__(self, o): return o == 3
    def __divmod__(self, o): return "divmod", o
    def __rdivmod__(self, o): return "rdivmod", o
    def __str__(self): return "str"
    def __repr__(self): return "repr"
    def __reversed__(self): return "reversed"
    def __index__(self): return 2
a = All()
for t in ("-a", "+a", "~a", "abs(a)", "len(a)", "bool(a)", "not a", "hash(a)", "int(a)", "float(a)", "complex(a)", "1 in a", "2 in a", "2 not in a", "a(1, x=2)", "a[5]", "a[1:2]", "a == 3", "a == 4", "a != 3", "3 == a", "divmod(a, 5)", "divmod(5, a)", "str(a)", "repr(a)", "'%s %r' % (a, a)", "'{} {!r}'.format(a, a)", "f'{a}'", "reversed(a)", "[a]", "(a,)", "{a: a}", "[1, 2, 3][a]", "hex(a)", "range(a)", "'x' * a", "'%d' % a", "'%x' % a", "'%f' % a", "chr(a)", "bytes(a)", "1 + a", "1.5 + a", "a in [a]", "a in [3]", "[4, a].index(3)", "round(a)", "sum([a])", "max(a, a) is a", "a and 1", "a or 1", "math" if 0 else "1"):
    try:
        print(t, eval(t))
    except Exception as e:
        print(t, type(e).__name__, e)
for name, bad in (("__len__", "a"), ("__len__", -1), ("__bool__", 5), ("__hash__", "a"), ("__hash__", 2**70), ("__int__", "a"), ("__float__", 1), ("__str__", 5), ("__repr__", None), ("__contains__", "yes"), ("__iter__", 5), ("__eq__", "truthy"), ("__call__", 1)):
    X = type("X", (), {name: lambda self, *a: bad})
    for t in ("len(X())", "bool(X())", "hash(X())", "int(X())", "float(X())", "str(X())", "repr(X())", "1 in X()", "list(X())", "X() == 1", "X()(1)"):
        try:
            v = eval(t)
            if "object at" not in str(v) and "hash" not in t:
                print(name, bad, t, v, end="; ")
        except Exception as e:
            print(name, bad, t, type(e).__name__, e, end="; ")
    print()

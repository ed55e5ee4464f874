# Arguments: positions, names, defaults, * and **, and the errors when they do not fit.
def f0(): return "f0"
def f1(a): return a
def f2(a, b=2): return a, b
def f3(a, *b, c=3, **d): return a, b, c, sorted(d.items())
def f4(*, x, y=5): return x, y
def f5(*args, **kw): return args, sorted(kw.items())
def f6(a, b, c): return a, b, c
class C:
    def m(self, a): return a
    @staticmethod
    def s(a): return a
    @classmethod
    def k(cls, a): return a
    def __init__(self, n=0): pass
class D:
    pass
lam = lambda a, b=1: (a, b)
TEXT = r'''
f0(), f1(1), f1(a=1), f2(1), f2(1, 5), f2(b=1, a=2), f2(1, b=7), f3(1), f3(1, 2, 3), f3(1, c=5, z=6), f3(a=1, q=2), f4(x=1), f4(y=1, x=2), f5(), f5(1, a=2), lam(1), lam(b=2, a=1)
f0(1)
f0(a=1)
f1()
f1(1, 2)
f1(b=1)
f1(1, a=1)
f2()
f2(1, 2, 3)
f2(b=1)
f2(1, 2, b=3)
f2(1, c=3)
f3()
f3(c=1)
f4()
f4(1)
f4(y=1)
f4(x=1, z=2)
f6(1)
f6(1, 2)
f6(1, b=2)
f6(c=1, b=2)
f6(1, 2, 3, 4)
f6(*[1, 2], 3), f6(1, *(2, 3)), f6(*"ab", *"c"), f6(**{"a": 1, "b": 2, "c": 3}), f6(1, **{"b": 2}, **{"c": 3}), f5(*[1], 2, *[3], x=4, **{"y": 5}), f5(*(), **{}), f5(*range(3)), f5(*{1: 2}), f5(*(x for x in "ab"))
f5(*5)
f5(*None)
f5(**5)
f5(**[1])
f5(**{1: 2})
f5(**{"a": 1}, **{"a": 2})
f5(a=1, **{"a": 2})
f1(1, **{"a": 2})
f6(*[1, 2, 3, 4])
C().m(1), C.m(C(), 1), C().s(1), C.s(1), C().k(1), C.k(1)
C().m()
C().m(1, 2)
C.m(1)
C.m()
C().s()
C.s(1, 2)
C.k()
C().k(1, 2)
C(1, 2)
C(x=1)
type(D(1)).__name__, type(D(a=1)).__name__
len()
len(1, 2)
len(a=1)
abs()
isinstance(1)
print(1, foo=2)
sorted([1], bar=2)
int(1, 2, 3)
str(1, 2, 3, 4)
dict(1, 2)
list(1, 2)
range()
range(1, 2, 3, 4)
[].append()
[].append(1, 2)
[].append(x=1)
"".join()
"".join(1, 2)
{}.get()
"a".split(",", 1, 2)
"a".split(sep=",")
"{}".format()
lam()
lam(1, 2, 3)
(lambda: 0)(1)
(lambda *a: a)(1, 2), (lambda **k: k)(a=1), (lambda a, *b: b)(1, 2, 3)
None()
5()
"a"()
f0.x
f0.__name__, lam.__name__, C.m.__name__, C().m.__name__ if False else 0
def outer(a, b=[]):
    b.append(a)
    return b
print(outer(1), outer(2), outer(3, []), outer(4))
def default_is_evaluated_once(x=print("now")):
    return x
print(default_is_evaluated_once())
def shadow(len):
    return len + 1
print(shadow(1))
def many(a, b, c, d, e, f, g, h, i, j, *k, l=1, **m):
    return a + j, k, l, m
print(many(*range(13), l=5, z=6))
def recursive(n, acc=()):
    return acc if n == 0 else recursive(n - 1, acc + (n,))
print(recursive(5))
def kwonly_default(*, a=[1], b={}):
    a.append(2)
    return a, b
print(kwonly_default(), kwonly_default(b=1))
def star_in_middle(a, *args, b):
    return a, args, b
for t in ("star_in_middle(1, 2, 3)", "star_in_middle(1, b=2)", "star_in_middle(1, 2, b=3)", "star_in_middle(b=1)", "many(1)", "many(*range(10), a=1)"):
    try:
        print(t, eval(t))
    except Exception as e:
        print(t, "|", type(e).__name__, e)
'''
for e in TEXT.strip().split("\n"):
    try:
        print(e, "->", eval(e))
    except Exception as x:
        print(e, "|", type(x).__name__, x)

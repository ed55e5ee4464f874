# How arguments meet parameters.
def f(a, b=2, *args, c, d=4, **kw):
    return a, b, args, c, d, sorted(kw.items())
calls = """f(1, c=3)
f(1, 5, 6, 7, c=3, e=9)
f(c=3, a=1)
f(*[1, 2, 3], **{"c": 4})
f(1, *(2,), 3, c=1) if 0 else None
f(1, c=3, **{"d": 5, "z": 6})
g(1, 2, 3)
g(x=1, y=2)
g(*range(2), **{})
h(1, k=2)
h(k=1)
(lambda: 5)()
(lambda x, y=1, *z: (x, y, z))(1, 2, 3, 4)
kw(**{"a": 1}, b=2)
only(k=1)
f(*"abc", c="d")
f(*{1: 2}, c=0)
f(1, **dict(c=2))
g(*iter([1, 2]))"""
def g(x, y, z=0):
    return x, y, z
def h(x=0, **k):
    return x, k
def kw(**k):
    return sorted(k.items())
def only(*, k):
    return k
for c in calls.split("\n"):
    print(c, "->", eval(c))
bad = """f()
f(1)
f(1, c=2, a=3)
f(1, 2, b=3, c=4)
g()
g(1)
g(1, 2, 3, 4)
g(1, 2, q=3)
g(1, x=2)
g(*5)
g(**5)
g(**{1: 2})
only()
only(1)
h(1, 2)
kw(1)
f(1, c=2, **{"c": 3})
len()
len(1, 2)
len(x=[])
[].append()
[].append(1, 2)
"".join()
int(1, 2, 3)
{}.get()
print(1, foo=2)
sorted([1], foo=2)
max(1, 2, foo=3)
"".split(1, 2, 3)
(5)()
None()
"s"()
[]()
(1).real()"""
for c in bad.split("\n"):
    try:
        print(c, "->", eval(c))
    except TypeError as e:
        t = str(e)
        # Names of functions are told by some builds only.
        for n in ("f()", "g()", "h()", "kw()", "only()"):
            t = t.replace(n, "function")
        print(c, "|", t)
    except AttributeError as e:
        print(c, "|", e)
def default(x=[]):
    x.append(1)
    return x
print(default(), default(), default([]))
def order(a=print("default a"), b=print("default b")):
    pass
def evaluated(*a, **k):
    print(a, k)
def n(x):
    print("eval", x)
    return x
evaluated(n(1), *[n(2)], n(3), k=n(4), **{"z": n(5)})
def many(a, b, c, d, e, f, g, h, i, j, k, l, m):
    return a + b + c + d + e + f + g + h + i + j + k + l + m
print(many(*range(13)), many(**{chr(97 + i): i for i in range(13)}))
def closure(x):
    def inner(y, *z, w=x):
        return x, y, z, w
    return inner
print(closure(1)(2, 3), closure(1)(2, w=5))
print(f.__name__, (lambda: 0).__name__, closure(1).__name__)

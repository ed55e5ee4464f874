# global, nonlocal, class scopes, and names that are not bound.
x = "global"
def a():
    x = "a"
    def b():
        nonlocal x
        x = "b"
        def c():
            global x
            x = "c"
            return x
        return c(), x
    return b(), x
print(a(), x)
def counter():
    n = 0
    def up(by=1):
        nonlocal n
        n += by
        return n
    def get():
        return n
    return up, get
up, get = counter()
up(); up(5)
print(get(), counter()[1]())
class K:
    x = "class"
    y = x
    def m(self):
        return x
    class Inner:
        z = x
print(K.y, K().m(), K.Inner.z)
def late():
    return undefined_yet
undefined_yet = 1
print(late())
def unbound():
    print(v)
    v = 1
try:
    unbound()
except NameError as e:
    print(type(e).__name__, e)
def free():
    def g():
        return w
    try:
        g()
    except NameError as e:
        print(e)
    w = 3
    return g()
print(free())
def params(p):
    def g():
        nonlocal p
        p += 1
        return p
    return g(), p
print(params(1))
def loop():
    fs = []
    for i in range(3):
        def g():
            return i
        fs.append(g)
    return [g() for g in fs]
print(loop())
def deep():
    v = 1
    def e1():
        def e2():
            def e3():
                nonlocal v
                v = v * 10
            e3()
        e2()
    e1()
    return v
print(deep())
def cls():
    base = 5
    class L:
        attr = base
        def get(self):
            return base + self.attr
    return L().get()
print(cls())
exec("q = x; print(q)")
g = {"x": 9}
exec("y = x + 1", g)
print(g["y"])
loc = {}
exec("z = x", {"x": 3}, loc)
print(loc)
print(eval("x + k", {"x": 1}, {"k": 2}))
def f():
    for name in ("len", "zzz"):
        try:
            print(eval(name))
        except NameError as e:
            print(e)
f()
print(sorted(k for k in globals() if k in ("a", "K", "up", "unbound")))
try:
    raise ValueError("v")
except ValueError as err:
    pass
print("err" in globals())

# Context managers: order, suppression, return values, exits of loops and functions, errors in the methods.
class CM:
    def __init__(self, name, suppress=False, fail=None):
        self.name, self.suppress, self.fail = name, suppress, fail
    def __enter__(self):
        print("enter", self.name)
        if self.fail == "enter":
            raise ValueError("enter " + self.name)
        return self.name
    def __exit__(self, t, v, tb):
        print("exit", self.name, t.__name__ if t else None, repr(v))
        if self.fail == "exit":
            raise KeyError("exit " + self.name)
        return self.suppress
with CM("a") as a, CM("b") as b:
    print(a, b)
with CM("s", True):
    raise ValueError("suppressed")
try:
    with CM("outer") as o, CM("inner", fail="enter"):
        print("never")
except ValueError as e:
    print(repr(e))
try:
    with CM("x", fail="exit"):
        raise ValueError("replaced")
except KeyError as e:
    print(repr(e))
with CM("s1", True):
    with CM("s2", fail="exit"):
        print("body")
def ret():
    with CM("r"):
        return "returned"
print(ret())
for i in range(3):
    with CM("loop %d" % i):
        if i == 0:
            continue
        if i == 1:
            break
def gen():
    with CM("g"):
        yield 1
        yield 2
g = gen()
print(next(g))
g.close()
print(list(gen()))
with CM("t") as (x):
    print(x)
class Pair:
    def __enter__(self):
        return 1, (2, 3)
    def __exit__(self, *a):
        print(len(a))
with Pair() as (p, (q, r)):
    print(p, q, r)
class Box:
    pass
box = Box()
with CM("attr") as box.v:
    print(box.v)
lst = [0]
with CM("item") as lst[0]:
    print(lst)
class NoExit:
    def __enter__(self):
        print("entered")
class NoEnter:
    def __exit__(self, *a):
        print("exited")
for c in (NoExit, NoEnter, Box):
    try:
        with c():
            print("body")
    except AttributeError as e:
        print(e)
for v in (1, None, "s"):
    try:
        with v:
            pass
    except AttributeError as e:
        print(e)
def fin():
    try:
        with CM("f", True):
            return 1 / 0
    finally:
        print("finally")
    return "after"
print(fin())
class Truthy:
    def __enter__(self): return self
    def __exit__(self, *a): return [1]
with Truthy():
    raise ValueError
print("went on")
def nested():
    with CM("1"):
        try:
            with CM("2"):
                raise OSError(1)
        except OSError as e:
            print("caught", repr(e))
            return "x"
print(nested())

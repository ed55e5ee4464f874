# Recursion of functions, methods, repr, comparison and iteration ends in RuntimeError.
def f(n):
    return f(n + 1)
class A:
    def __repr__(self):
        return repr(self)
    def __eq__(self, o):
        return self == o
    def __getattr__(self, n):
        return getattr(self, n + "x")
    def __add__(self, o):
        return self + o
    def __len__(self):
        return len(self)
    def __call__(self):
        return self()
    def __iter__(self):
        return iter(self)
def gen():
    yield from gen()
def loop():
    for x in loop():
        yield x
a = A()
for name, g in (("function", lambda: f(0)), ("repr", lambda: repr(a)), ("eq", lambda: a == 1), ("add", lambda: a + 1), ("len", lambda: len(a)), ("call", a), ("iter", lambda: iter(a)), ("gen", lambda: next(gen())), ("loop", lambda: next(loop()))):
    try:
        g()
        print(name, "came back")
    except RuntimeError as e:
        print(name, e)
l = []
l.append(l)
d = {}
d["self"] = d
for name, g in (("list", lambda: repr(l)), ("dict", lambda: str(d)), ("compare", lambda: l == [l]), ("sorted", lambda: sorted([l, l]))):
    try:
        g()
        print(name, "came back")
    except RuntimeError as e:
        print(name, e)
deep = []
for i in range(2000):
    deep = [deep]
try:
    repr(deep)
except RuntimeError as e:
    print("deep", e)
def depth(n):
    try:
        return depth(n + 1)
    except RuntimeError:
        return n
print(depth(0) > 20, depth(0) > 20)
def in_finally(n):
    try:
        return in_finally(n + 1)
    finally:
        n += 1
try:
    in_finally(0)
except RuntimeError as e:
    print("finally", e)

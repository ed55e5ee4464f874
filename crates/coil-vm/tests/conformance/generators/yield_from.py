# Delegation: values, sends, throws, closes and results go through.
def inner():
    try:
        while True:
            x = yield "in"
            print("inner got", x)
            if x == "stop":
                return "result"
    except ValueError as e:
        print("inner caught", e)
        yield "handled"
        return "after error"
    finally:
        print("inner done")
def outer():
    r = yield from inner()
    print("outer got", r)
    r = yield from [1, 2]
    print("list gives", r)
    return "end"
g = outer()
print(next(g), g.send("a"), g.send("stop"), next(g))
try:
    next(g)
except StopIteration as e:
    print(e.value)
g = outer()
next(g)
print(g.throw(ValueError("v")))
print(next(g))
g.close()
g = outer()
next(g)
g.close()
g = outer()
next(g)
try:
    g.throw(KeyError("k"))
except KeyError as e:
    print(repr(e))
class It:
    def __init__(self, n):
        self.n = n
    def __iter__(self):
        return self
    def __next__(self):
        self.n -= 1
        if self.n < 0:
            raise StopIteration("it result")
        return self.n
def over(it):
    r = yield from it
    print("result", r)
print(list(over(It(3))), list(over("ab")), list(over({1: 2})), list(over(range(2))))
g = over(It(3))
next(g)
for f in (lambda: g.send(1), lambda: g.send(None)):
    try:
        print(f())
    except (AttributeError, StopIteration) as e:
        print(repr(e))
for bad in (5, None):
    try:
        list(over(bad))
    except TypeError as e:
        print(e)
class Sub:
    def __iter__(self):
        return iter((1, 2))
    def send(self, v):
        return "sent"
def tree(t):
    if isinstance(t, list):
        for x in t:
            yield from tree(x)
    else:
        yield t
print(list(tree([1, [2, [3, [4]], 5], [[6]]])))
def chain(*its):
    for i in its:
        yield from i
print(list(chain("ab", [1], (x for x in "c"), Sub())))
def a():
    return (yield from b())
def b():
    return (yield from c())
def c():
    x = yield 1
    return x * 2
g = a()
next(g)
try:
    g.send(21)
except StopIteration as e:
    print(e.value)
def deep(n):
    if n:
        yield from deep(n - 1)
    else:
        yield "bottom"
print(list(deep(15)))
def twice():
    x = yield from (y for y in range(2))
    print(x)
    try:
        yield from inner()
    finally:
        print("twice done")
t = twice()
print(next(t), next(t), next(t))
del t

# send, throw and close, and what a generator does with them.
def echo():
    got = None
    while True:
        try:
            got = yield got
            print("got", got)
        except ValueError as e:
            print("caught", repr(e))
            got = "recovered"
        except GeneratorExit:
            print("closing")
            raise
        finally:
            print("round")
g = echo()
print(next(g))
print(g.send(1))
print(g.throw(ValueError("x")))
print(g.throw(ValueError))
print(g.throw(ValueError, ValueError("inst")))
g.close()
g.close()
for f in (lambda: next(g), lambda: g.send(1), lambda: g.throw(KeyError("k"))):
    try:
        print(f())
    except BaseException as e:
        print(repr(e))
def early():
    print("never")
    yield
e = early()
try:
    e.send(1)
except TypeError as x:
    print(x)
e.close()
e = early()
try:
    e.throw(ValueError("early"))
except ValueError as x:
    print(repr(x))
print(list(e))
def ret():
    x = yield 1
    return x
r = ret()
next(r)
try:
    r.send("value")
except StopIteration as s:
    print(repr(s), s.value, s.args)
def ret_none():
    yield
    return
r = ret_none()
next(r)
try:
    next(r)
except StopIteration as s:
    print(repr(s), s.value)
def stubborn():
    while True:
        try:
            yield 1
        except GeneratorExit:
            print("no")
s = stubborn()
next(s)
try:
    s.close()
except RuntimeError as x:
    print(x)
def raises_stop():
    yield 1
    raise StopIteration
try:
    print(list(raises_stop()))
except RuntimeError as x:
    print(repr(x))
def running():
    yield next(me)
me = running()
try:
    next(me)
except ValueError as x:
    print(x)
def fin():
    try:
        yield 1
        yield 2
    finally:
        print("cleanup")
for v in fin():
    print(v)
    break
f = fin()
print(next(f))
f.close()
for bad in (lambda: next(5), lambda: iter(g) is g, lambda: echo(1), lambda: g.send(), lambda: g.throw(), lambda: next(echo(), 1, 2)):
    try:
        print(bad())
    except TypeError as x:
        print("TypeError")
print(next(iter([]), "default"), next(early, 5) if False else "")
def fib():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b
it = fib()
print([next(it) for _ in range(10)])
def gen_args(*a, k=1, **kw):
    yield a
    yield k, kw
print(list(gen_args(1, 2, k=3, z=4)))
print(sum(x for x in fin()), tuple(fin()), max(fin()), dict((k, k) for k in fin()))
a, b = fin()
print(a, b, 2 in fin(), 5 in fin())
g1 = (x for x in range(3))
print(next(g1), list(g1), list(g1))

# throw, close, GeneratorExit, return values, and generators used wrongly.
def show(f):
    try:
        print(f())
    except BaseException as e:
        print(type(e).__name__, e.args)
def g():
    try:
        while True:
            try:
                print("got", (yield 1))
            except ValueError as e:
                print("caught", e)
    finally:
        print("finally")
a = g()
show(lambda: a.send(1))
show(lambda: next(a))
show(lambda: a.send(5))
show(lambda: a.throw(ValueError))
show(lambda: a.throw(ValueError("text")))
show(lambda: a.throw(ValueError, "old style"))
show(lambda: a.throw(ValueError, ValueError("both"), None))
show(lambda: a.throw(KeyError("out")))
show(lambda: next(a))
show(lambda: a.throw(KeyError))
show(lambda: a.close())
a = g()
show(lambda: a.throw(KeyError("before it starts")))
show(lambda: next(a))
a = g()
show(lambda: a.close())
show(lambda: next(a))
a = g()
next(a)
show(lambda: a.close())
show(lambda: a.close())
def stubborn():
    try:
        yield 1
    except GeneratorExit:
        print("exit")
        yield 2
a = stubborn()
next(a)
show(lambda: a.close())
def returns():
    try:
        yield 1
    except GeneratorExit:
        return 5
a = returns()
next(a)
show(lambda: a.close())
def other():
    try:
        yield 1
    except GeneratorExit:
        raise KeyError("other")
a = other()
next(a)
show(lambda: a.close())
show(lambda: next(a, "default"))
def value():
    yield 1
    return "value"
a = value()
next(a)
show(lambda: next(a))
show(lambda: next(a))
def stops():
    yield 1
    raise StopIteration("inside")
a = stops()
next(a)
show(lambda: next(a))
show(lambda: list(stops()))
def reenter():
    yield next(me)
me = reenter()
show(lambda: next(me))
show(lambda: g().throw())
show(lambda: g().throw(5))
show(lambda: g().throw("text"))
show(lambda: g().throw(g))
show(lambda: g().send())
show(lambda: g().x)
show(lambda: g() + 1)
show(lambda: len(g()))
show(lambda: g()[0])
print(type(g()).__name__, iter(a) is a, type(g).__name__)
def throws_in_for():
    for i in range(3):
        try:
            yield i
        except IndexError:
            yield "again"
a = throws_in_for()
print(next(a), a.throw(IndexError), next(a), list(a))
gen = (x for x in range(3))
print(next(gen), gen.close(), list(gen))
show(lambda: next(x / 0 for x in [1]))
show(lambda: (x for x in 5))
def deep(n):
    if n:
        yield from deep(n - 1)
    yield n
print(list(deep(8)))
def inner():
    try:
        yield 1
    except ValueError:
        yield "inner caught"
    return "done"
def outer():
    r = yield from inner()
    print("returned", r)
    yield 9
a = outer()
print(next(a), a.throw(ValueError), next(a))
a = outer()
next(a)
show(lambda: a.throw(KeyError("through")))
a = outer()
next(a)
show(lambda: a.close())
def from_list():
    x = yield from [1, 2]
    print("list gave", x)
    yield from ()
    yield from "ab"
print(list(from_list()))
a = from_list()
next(a)
show(lambda: a.send(5))
a = from_list()
next(a)
show(lambda: a.throw(ValueError("into a list")))
show(lambda: list((yield_ for yield_ in map(lambda x: 1 / x, [1, 0]))))
a = g()
next(a)
show(lambda: a.throw(GeneratorExit))
a = g()
next(a)
show(lambda: a.throw(StopIteration("thrown")))

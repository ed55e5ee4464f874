# A generator that delegates is not run again for each item: what runs is the innermost one. Nothing
# of that may be seen.
def nested(depth, items):
    if depth == 0:
        for i in items:
            got = yield i
            if got:
                print("got", got)
        return "leaf"
    result = yield from nested(depth - 1, items)
    return result + str(depth)


def top():
    print((yield from nested(4, range(3))))


g = top()
print(next(g), g.send("a"), g.send("b"))
try:
    next(g)
except StopIteration as e:
    print("stop", e.value)


def failing(depth):
    if depth == 0:
        yield 1
        raise ValueError("x")
    try:
        yield from failing(depth - 1)
    except ValueError as e:
        print("caught", depth, e)
        if depth == 2:
            yield 22
            return
        raise


print(list(failing(3)))


# Those between are executing all the same.
def inner():
    yield 1
    for use in (lambda: next(outermost), lambda: outermost.throw(KeyError), lambda: middle.close()):
        try:
            use()
        except ValueError as e:
            print(e)
    yield 2


def between():
    yield from inner()
    yield 3


def outer():
    global middle
    middle = between()
    yield from middle


outermost = outer()
print(list(outermost))

# One that somebody else runs is not ours.
shared = None


def first():
    yield 1
    try:
        print(next(second))
    except ValueError as e:
        print("in first:", e)
    yield 2


def uses():
    try:
        yield from shared
    except ValueError as e:
        print("in uses:", e)
        yield "after"


shared = first()
second = uses()
print(next(second))
print(list(shared))
print(list(second))


def tree(n):
    if n:
        yield from tree(n - 1)
        yield n
        yield from tree(n - 1)


print(sum(tree(8)))

g = failing(3)
print(next(g))
try:
    g.throw(TypeError("t"))
except TypeError as e:
    print("thrown", e)


def e2():
    yield 1
    1 / 0


def e1():
    yield from e2()


def e0():
    yield from e1()


try:
    for _ in e0():
        pass
except ZeroDivisionError as e:
    print("zero:", e)


# Exceptions left for one in the middle reach it.
def waiting():
    while True:
        try:
            yield "w"
        except KeyError:
            print("key")


def outer2():
    global middle
    middle = waiting()
    yield from middle


g = outer2()
print(next(g))
middle.pend_throw(KeyError())
print(next(g), next(g))
g.close()

# Code objects: what functions are made of, and how to make functions of them.
def attempt(f):
    try:
        print(f())
    except Exception as e:
        print(repr(e) if e.args else type(e))


a = 'own'


def plain():
    return a


def options(x, y=2, *rest, k=3, **more):
    return x, y, rest, k, more


def series(n):
    for i in range(n):
        yield i, a


def outer():
    z = 1
    return lambda: z


class Thing:
    def method(self):
        return a

    @staticmethod
    def still():
        return a


function = type(plain)
print(function, type(plain.__code__), plain.__code__)
for f in (
    lambda: function(plain.__code__, {'a': 'other'})(),
    lambda: function(plain.__code__, {'a': 1})() + function(plain.__code__, {'a': 2})(),
    lambda: function(options.__code__, {})(1, 2, 5, 6, k=3, q=4),
    lambda: list(function(series.__code__, {'a': 9})(2)),
    lambda: function(Thing.method.__code__, {'a': 8})(None),
    lambda: function(Thing.still.__code__, {'a': 7})(),
    lambda: function((lambda: (lambda: a)).__code__, {'a': 6})()(),
    lambda: function((lambda q: (lambda: q)).__code__, {})(5)(),
    lambda: function((lambda: [x for x in (1, 2)]).__code__, {})(),
    lambda: function(plain.__code__, {}).__name__,
    lambda: function(plain.__code__, {'b': 1}).__globals__,
    lambda: type(function(plain.__code__, {})) is function,
    lambda: function(plain.__code__, {})(),
    lambda: function(), lambda: function(plain.__code__), lambda: function(plain.__code__, {}, 1), lambda: function(plain.__code__, {}, name='x'),
    lambda: function(None, {}), lambda: function(plain, {}), lambda: function(plain.__code__, None), lambda: function(plain.__code__, []),
    lambda: len.__code__, lambda: Thing.__code__, lambda: plain.__code__.co_code, lambda: setattr(plain, '__code__', 1), lambda: [].append.__code__,
    lambda: exec(plain.__code__), lambda: eval(plain.__code__), lambda: eval(plain.__code__, {'a': 'given'}),
    lambda: list(eval((lambda: (yield 1)).__code__)),
    lambda: function(compile('b = 3', '', 'exec'), {})(), lambda: function(compile('b + 1', '', 'eval'), {'b': 3})(),
):
    attempt(f)
try:
    eval((lambda q: q).__code__)
except TypeError:
    print('not called')

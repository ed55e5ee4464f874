# Code as bytes and back.
import marshal


def attempt(f):
    try:
        print(f())
    except Exception as e:
        print(repr(e))


function = type(lambda: 0)


def again(f, names=None):
    data = marshal.dumps(f.__code__)
    return function(marshal.loads(data), {} if names is None else names)


print(type(marshal.dumps(again.__code__)), marshal.loads(marshal.dumps(again.__code__)))
for value in (None, 1, 'text', [], {}, print, again, function, marshal):
    attempt(lambda: marshal.dumps(value))
for data in (b'', b'a', b'C\x01', 'text', b'\xff' * 50, 5, None, []):
    attempt(lambda: marshal.loads(data))
whole = marshal.dumps(again.__code__)
print(marshal.loads(bytearray(whole)), marshal.loads(memoryview(whole)))


def constants():
    return None, True, False, ..., 5, -5, 1 << 20, -(1 << 40), 1 << 80, -(1 << 70), 0.5, -2.25, 1e10, 'short', 'a longer string, not a name', 'h\xe9', '', b'bytes', b'', (), (1, (2, ('x', None)))


print(again(constants)() == constants(), again(constants)())


def everything(n, *rest, key='k', **more):
    'doc'
    total, found, table, seen = 0, [], {}, set()
    for i in range(n):
        if i % 2:
            continue
        total += i
        found.append(i)
        table[i] = [x * i for x in range(3)]
        seen.add(i // 2)
    while total > 20:
        total -= 7
    try:
        try:
            found[99]
        except IndexError as e:
            total += 1
        finally:
            total += 100
        raise ValueError('inner')
    except (KeyError, ValueError) as e:
        text = str(e)
    else:
        text = 'none'

    def inner(a, b=total, *, c=3):
        nonlocal text
        text += '!'
        return a + b + c

    class Local:
        field = n

        def get(self):
            return self.field, n

    first, *middle, last = found
    del total
    return (
        inner(1), inner(1, 2, c=4), text, table, sorted(seen), Local().get(), first, middle, last, rest, key, sorted(more.items()), found[1:3], f'{n:>4}|{text!r}',
        (lambda: n)(), {k: v for k, v in zip('ab', rest)}, -n, not n, n if n > 2 else 0, 1 < n < 90, n in found, found is None, list(rest), dict(**more)
    )


print(again(everything)(10, 'p', 'q', key='z', m=1, l=2) == everything(10, 'p', 'q', key='z', m=1, l=2))
print(again(everything)(10, 'p', 'q', key='z', m=1, l=2))


def leaving(items):
    for x in items:
        try:
            if x == 1:
                continue
            if x == 2:
                return 'two'
            if x == 3:
                break
        finally:
            items = items[1:]
    return 'end', items


print([again(leaving)(list(r)) for r in ((), (1, 1), (1, 2), (1, 3, 1), (4, 5))])


def series(n):
    got = yield n
    yield from range(got)
    try:
        yield 'in'
    finally:
        print('closed')


g = again(series, {'range': range, 'print': print})(3)
print(next(g), g.send(2), next(g), next(g), g.close())


class Manager:
    def __enter__(self):
        return self

    def __exit__(self, *a):
        print('exit', a[0])
        return True


def managed(m):
    with m as x:
        raise KeyError
    with m:
        return x is m


print(again(managed, {'KeyError': KeyError})(Manager()))


async def waits(x):
    return (await x) + 1


class Soon:
    def __iter__(self):
        return self

    __await__ = __iter__

    def __next__(self):
        raise StopIteration(41)


try:
    again(waits)(Soon()).send(None)
except StopIteration as e:
    print(e.value)
code = marshal.loads(marshal.dumps(compile('import marshal\nfrom sys import *\ndef child(a): return a, b\nb = 5\nclass K:\n    def m(self): return __class__, super().__init__', 'name', 'exec')))
where = {}
exec(code, where)
print(where['child'](1), where['b'], where['marshal'] is marshal, where['K']().m()[0])
print(eval(marshal.loads(marshal.dumps(compile('6 * seven', '', 'eval'))), {'seven': 7}))
# What has run and what was loaded is the same as what was fresh.
print(marshal.dumps(everything.__code__) == marshal.dumps(marshal.loads(marshal.dumps(everything.__code__))))


def native():
    @micropython.native
    def inner():
        pass

    return inner


def viper():
    @micropython.viper
    def inner():
        pass

    return inner


for f in native, viper:
    attempt(lambda: marshal.dumps(f.__code__))
    try:
        f().__code__
    except AttributeError:
        print('no code')

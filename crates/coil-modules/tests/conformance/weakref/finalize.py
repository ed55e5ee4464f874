# What is called when an object goes, and how that is called off.
import gc
import weakref


class Thing:
    def __repr__(self):
        return '<thing>'


def shown(four):
    return four and (four[0], callable(four[1]), four[2], four[3])


heard = []


def end(*args, **kwargs):
    heard.append((args, kwargs))
    return 'ended'


def dead():
    a = Thing()
    f = weakref.finalize(a, end, 1, 2, k=3)
    print(f.alive)
    a = None
    zeros = [0, 0, 0, 0]
    gc.collect()
    print(f.alive, f.peek(), f.detach(), f())


def unheld():
    # It lives without being held, and holds its arguments.
    a = Thing()
    weakref.finalize(a, end, [1] * 3)
    zeros = [0, 0, 0, 0]
    gc.collect()
    print(heard)
    a = None
    zeros = [0, 0, 0, 0]
    gc.collect()


def by_hand():
    a = Thing()
    f = weakref.finalize(a, end, 'hand')
    print(f(), f(), f.alive, heard)
    a = None
    zeros = [0, 0, 0, 0]
    gc.collect()


def called_off():
    a = Thing()
    f = weakref.finalize(a, end, 'never', x=1)
    print(shown(f.detach()), f.alive, f.detach(), f.peek(), f())
    a = None
    zeros = [0, 0, 0, 0]
    gc.collect()


def in_order():
    # Later ones first, and before the references.
    a = Thing()
    r1 = weakref.ref(a, lambda r: heard.append(('r1', r())))
    f1 = weakref.finalize(a, heard.append, 'f1')
    r2 = weakref.ref(a, lambda r: heard.append(('r2', r())))
    f2 = weakref.finalize(a, heard.append, 'f2')
    a = None
    zeros = [0, 0, 0, 0]
    gc.collect()
    print(r1(), r2(), f1.alive, f2.alive)


print(weakref.finalize)
for args in ((), (Thing(),), (None, end), (1, end), ('', end)):
    try:
        weakref.finalize(*args)
    except TypeError as e:
        print(e)
for case in dead, unheld, by_hand, called_off, in_order:
    heard.clear()
    case()
    print(case.__name__, heard)
a = Thing()
f = weakref.finalize(a, lambda: 1 / 0)
try:
    f()
except ZeroDivisionError as e:
    print(repr(e), f.alive)
for name in ('alive', 'other'):
    try:
        setattr(f, name, 1)
    except AttributeError as e:
        print(e)

# References that see their object until it is gone.
import gc
import weakref


class Thing:
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return 'Thing ' + self.name


print(weakref.ref)
for value in (None, False, 1, 'name', (), ..., int, print, weakref):
    try:
        weakref.ref(value)
    except TypeError as e:
        print(value if value is not print and value is not weakref else '-', e)
for args in ((), (Thing('a'), None, 1)):
    try:
        weakref.ref(*args)
    except TypeError as e:
        print(e)


def plain():
    a = Thing('a')
    r = weakref.ref(a)
    print(r() is a, r(), type(r) is weakref.ref)
    a = None
    zeros = [0, 0, 0, 0]
    gc.collect()
    print(r())


def told():
    heard = []
    a = Thing('b')
    r = weakref.ref(a, lambda ref: heard.append((ref, ref())))
    a = None
    zeros = [0, 0, 0, 0]
    gc.collect()
    print(heard[0][0] is r, heard[0][1], r(), len(heard))
    zeros = [0, 0, 0, 0]
    gc.collect()
    print(len(heard))


def dropped():
    # A reference that is gone before its object is not told.
    heard = []
    a = Thing('c')
    r = weakref.ref(a, lambda ref: heard.append('told'))
    r = None
    zeros = [0, 0, 0, 0]
    gc.collect()
    a = None
    zeros = [0, 0, 0, 0]
    gc.collect()
    print(heard)


def ring():
    heard = []
    a, b = Thing('x'), Thing('y')
    a.other, b.other = b, a
    ra = weakref.ref(a, lambda r: heard.append('a'))
    rb = weakref.ref(b, lambda r: heard.append('b'))
    zeros = [0, 0, 0, 0]
    gc.collect()
    print(ra(), rb(), heard)
    a = b = None
    zeros = [0, 0, 0, 0]
    gc.collect()
    print(ra(), rb(), sorted(heard))


def kinds():
    keep = [[1], {1: 2}, {3}, bytearray(b'x'), lambda: keep, Thing, Thing('z'), (1, [2]), Thing('q').__repr__]
    refs = [weakref.ref(x) for x in keep]
    zeros = [0, 0, 0, 0]
    gc.collect()
    print([r() is x for r, x in zip(refs, keep)])


for case in plain, told, dropped, ring, kinds:
    case()


class Named(weakref.ref):
    pass


a = Thing('sub')
n = Named(a)
print(n())
n.__del__()
print(n())

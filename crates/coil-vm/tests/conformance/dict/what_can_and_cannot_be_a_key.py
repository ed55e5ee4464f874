# Hashing: what can be a key, and what a `__hash__` may give.
class Eq:
    def __eq__(self, other):
        return True

class Hash:
    def __init__(self, h):
        self.h = h
    def __hash__(self):
        return self.h

class BadInt:
    def __int__(self):
        return None

def attempt(what, f):
    try:
        print(what, f())
    except Exception as e:
        print(what, type(e).__name__)

d = {}
for key in ([], {}, set(), slice(1) if False else None, bytearray(b'a'), Eq(), d.keys(), d.items()):
    attempt(type(key).__name__, lambda: isinstance(hash(key), int))
attempt('values', lambda: isinstance(hash(d.values()), int))
attempt('hash True', lambda: hash(Hash(True)))
attempt('hash 7', lambda: hash(Hash(7)))
attempt('hash None', lambda: hash(Hash(None)))
attempt('hash float', lambda: hash(Hash(1.5)))
attempt('int', lambda: int(BadInt()))
attempt('empty dict', lambda: {}[[]])
attempt('full dict', lambda: {1: 2}[[]])
class L(list): pass
class B(bytes): pass
class D(dict): pass
print(0 in L([1]), 1 in L([1]), b'1' in B(b'123'), 9 in B(b'123'), 1 in D({1: 2}), 2 in D({1: 2}))
class K:
    a = 1
k = K()
k.b = 2
for fixed in (K.__dict__, k.__dict__):
    for change in (lambda: fixed.clear(), lambda: fixed.pop('a', 0), lambda: fixed.update(x=1), lambda: fixed.setdefault('q'), lambda: fixed.popitem(), lambda: fixed.__setitem__('a', 2)):
        attempt('fixed', change)
print(k.__dict__, K.a)

# deque with and without a limit of what it holds; OrderedDict's order; namedtuple's fields.
from collections import deque, OrderedDict, namedtuple
P = namedtuple("P", ["x", "y"])
Q = namedtuple("Q", "a b c")
R = namedtuple("R", ("only",))
p = P(1, 2)
d = deque([1, 2, 3], 5)
o = OrderedDict([("z", 1), ("a", 2)])
TEXT = r'''
p, p.x, p[1], p[-1], p[:], len(p), list(p), p == (1, 2), (1, 2) == p, p == P(1, 2), p != P(2, 1), p < P(1, 3), p + (3,), p * 2, isinstance(p, tuple), hash(p) == hash((1, 2)), {p: 1}[(1, 2)], 1 in p, bool(p)
P(x=1, y=2), P(1, y=2), Q(1, 2, c=3), R(5), R(only=(1,)), P._fields, Q._fields, p._asdict() if hasattr(p, "_asdict") else 0
P(1)
P(1, 2, 3)
P()
P(1, x=2)
P(1, z=2)
P(x=1)
P(1, 2, y=3)
p.z
p.x.y
p[2]
p["x"]
setattr(p, "x", 5)
P.x
P.__name__, type(p).__name__, str(P)[:8]
namedtuple("Bad", 5)
namedtuple("Bad", None)
namedtuple(5, ["a"])
namedtuple("None_", [])()
namedtuple("Bad", [1])
namedtuple("Gen", (n for n in ["a", "b"]))(1, 2)
namedtuple("Bad", {"a": 1})
namedtuple("One")
namedtuple("Dup", ["a", "a"])(1, 2).a
namedtuple("Comma", "a, b")._fields
list(d), len(d), d[0], d[-1], bool(d), bool(deque([], 1)), 2 in d, list(deque("abc", 2)), list(deque(range(5), 3)), list(deque((), 0)), list(iter(d)), sum(d), max(d)
d[3]
d[-4]
d["a"]
d[0:2]
deque()
deque([1])
deque(5, 1)
deque([1], -1)
deque([1], "a")
deque([1], None)
deque([1], 5, 1, 0)
deque([1, 2, 3], 2, 1)
deque([], 2, 1).append(1)
deque([], 1).pop()
deque([], 1).popleft()
deque([], 1).foo
deque([1], 2) == deque([1], 2)
deque([1], 2) + deque([2], 2)
d.append()
d.extend(5)
d.insert(0, 1)
d.clear()
d.rotate(1)
d.remove(1)
d.index(1)
d.count(1)
d.reverse()
del d[0]
hash(d) is not None
str(d)[:6], type(d).__name__
o, list(o), list(o.keys()), list(o.values()), list(o.items()), o == {"a": 2, "z": 1}, o == OrderedDict([("a", 2), ("z", 1)]), len(o), "a" in o, o["z"], repr(o), isinstance(o, dict), dict(o)
OrderedDict(), OrderedDict({"a": 1}), OrderedDict(a=1, b=2), OrderedDict([(1, 2)], x=3), OrderedDict([(3, 0), (1, 0), (3, 1)])
OrderedDict(5)
OrderedDict([1])
o["none"]
OrderedDict([(1, 2), (3, 4)]).popitem(), OrderedDict([(1, 2), (3, 4)]).pop(1), OrderedDict([(1, 2)]).get(5, "no"), OrderedDict.fromkeys([2, 1]), OrderedDict([(1, 2)]).copy()
OrderedDict().popitem()
OrderedDict([(1, 2)]).move_to_end(1)
list(reversed(OrderedDict([(1, 2), (3, 4)])))
OrderedDict([(1, 2)]) | {3: 4}
d = deque((), 3, 1)
for i in range(5):
    try:
        d.append(i)
        print(list(d), end=" ")
    except IndexError as e:
        print(e, end=" ")
d.appendleft(9) if len(d) < 3 else print(d.pop(), d.popleft())
d = deque((), 3)
for i in range(5):
    d.append(i)
    d.appendleft(-i)
    print(list(d), end=" ")
d[0] = "x"
d.extend([7, 8, 9, 10])
print(list(d), d.popleft(), d.pop(), len(d))
d = deque([1, 2, 3], 4)
try:
    for x in d:
        d.append(x)
        if len(d) > 3:
            d.popleft()
        if x > 2:
            break
    print("went on", list(d))
except Exception as e:
    print(type(e).__name__, e)
o = OrderedDict()
for k in "hello world":
    o[k] = o.get(k, 0) + 1
del o["l"]
o["l"] = 1
o["h"] = 0
o.update({"new": 1})
print(list(o.items()), o.setdefault("x", 5), o.setdefault("h", 5), list(o)[-1])
while o:
    print(o.popitem(), end=" ")
print(o)
'''
for e in TEXT.strip().split("\n"):
    try:
        print(e, "->", eval(e))
    except Exception as x:
        print(e, "|", type(x).__name__, x)

# collections: deque, namedtuple and OrderedDict with their errors.
from collections import deque, namedtuple, OrderedDict
def tries(text, g):
    for e in text.split("\n"):
        try:
            r = eval(e, g)
            print(e, "->", r)
        except Exception as x:
            print(e, "|", type(x).__name__, x)

P = namedtuple("P", ("x", "y"))
d = deque((), 3)
for i in range(5):
    d.append(i)
print(list(d), len(d), bool(d), d.popleft(), d.pop(), list(d))
d.appendleft(9); d.extend([7, 8])
print(list(d), d[0], d[-1])
tries(r'''deque()
deque([1], "a")
deque([1], -1)
deque(5, 3)
deque((), 2).pop()
deque((), 2).popleft()
list(deque([1, 2, 3], 2))
deque([1], 2)[5]
deque([1], 2)["a"]
deque([1], 2).foo
deque((), 1, 2, 3)
deque([1], 0) and 1
1 in deque([1], 2)
deque([1], 2) + deque([2], 2)
P(1, 2), P(x=1, y=2), P(1, y=2), P(1, 2).x, P(1, 2)[1], P(1, 2) == (1, 2), len(P(1, 2)), P(*[3, 4])
P(1, z=2)
P(1, x=2)
P(1, 2).z
P(1, 2)._asdict()["x"] if hasattr(P, "_asdict") else "-"
namedtuple("Q", "a b")(1, 2), namedtuple("Q", ["a"])(1), namedtuple("Q", ())()
namedtuple("Q", 5)
namedtuple(5, "a")
namedtuple("Q")
namedtuple("Q", "a a") is not None
isinstance(P(1, 2), tuple), P.__name__, P(1, 2) + (3,), P(1, 2) < P(1, 3)
OrderedDict([("b", 1), ("a", 2)]), list(OrderedDict([("b", 1), ("a", 2)])), OrderedDict()
OrderedDict([("b", 1), ("a", 2)]) == OrderedDict([("a", 2), ("b", 1)]), OrderedDict([("a", 1)]) == {"a": 1}
OrderedDict([(1, 2), (3, 4)]).popitem()
OrderedDict().popitem()
OrderedDict(5)''', globals())
p = P(1, 2)
for what in ("p.x = 1", "del p.x", "p[0] = 1"):
    try:
        exec(what)
    except Exception as e:
        print(what, "|", type(e).__name__, e)

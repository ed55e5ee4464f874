# __eq__, __ne__ and __hash__ in comparisons and as keys.
class K:
    def __init__(self, v):
        self.v = v
    def __eq__(self, o):
        print("eq", self.v)
        return isinstance(o, K) and self.v == o.v
    def __hash__(self):
        return hash(self.v)
a, b, c = K(1), K(1), K(2)
print(a == b, a != b, a == c, a != c, a == 1, 1 == a, a is b)
d = {a: "a"}
print(d[b], b in d, c in d)
print([a, c].index(c), [a].count(b), b in [a], b in (c,))
class E:
    def __eq__(self, o):
        return True
e = E()
try:
    hash(e)
    print("hashable")
except TypeError as err:
    print(err)
print(e == 1, 1 == e, e != 1, [e] == [5], (1, e) == (1, 2))
class N:
    def __ne__(self, o):
        return "ne"
    def __eq__(self, o):
        return "eq"
n = N()
print(n == 1, n != 1, not (n == 1))
class P:
    pass
p, q = P(), P()
print(p == p, p == q, p != q, len({p, q, p}))
for x, y in ((1, 1.0), (1, True), (0, False), (1, 1 + 0j), ("a", b"a" if 0 else "a"), ((), []), ([1], [1]), ({1: 2}, {1: 2}), ({1}, frozenset({1})), (None, 0), (1 << 70, 1 << 70), (2.0, 2), (float("nan"), float("nan")), ("", None), (range(3), range(3)), (bytearray(b"x"), b"x"), (memoryview(b"x"), b"x")):
    print(x, y, x == y, x != y)
for x in (1, 1.5, "a", b"a", (1, 2), None, True, 1 << 70, frozenset(), int, len, 1j, ...):
    hash(x)
for x in ([], {}, set(), bytearray(), range(2), memoryview(b""), ([],), {1: 2}.keys()):
    try:
        hash(x)
        print(type(x), "hashable")
    except TypeError as err:
        print(err)
print((1, "a") < (1, "b"), [1, 2] < [1, 2, 3], (2,) > (1, 5), [] < [1], () == (), [1] >= [1])
for what in ('(1, "a") < (1, 2)', '[1] < ["a"]', '(1,) >= ("a",)', "[1] < (1,)", "{} < {}", "None < None", "1 < None", "1j < 2j", "(1j,) < (2j,)"):
    try:
        print(what, eval(what))
    except TypeError as err:
        print(what, "|", err)

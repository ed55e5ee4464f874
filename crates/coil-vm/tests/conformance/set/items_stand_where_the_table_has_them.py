# The order of dicts and sets: hashes of 31 bits, copies slot by slot, tables that grow.
TEXT = r'''
{3, 1, 2}, {-1, -5, 7}, {11, 7, -3, -5, 10}, {10**20, 2**31, -2**31, 5}, {1000, 25, 3, 282}, set(range(-4, 5)), set("hello"), {1.5, 2.5, -1.5, 100}
frozenset([11, 7, -3, -5, 10]) | frozenset([1]), {1, 2, 3, 4, 5} & {9, 5, 3, 1}, {9, 5, 3, 1} & {1, 2, 3, 4, 5}, {1, 2, 3, 4} ^ {3, 9, 17}, {5, 6, 7} - {6}
set().symmetric_difference("abcabc"), {1}.symmetric_difference([1, 1, 2]), {1, 2}.intersection([2, 2, 3, 1])
{1, 2}.union()
{1, 2}.union([3], [4])
{1, 2}.intersection([1], [2])
{1, 2}.difference([1], [2]), {1, 2}.difference()
dict.fromkeys([282, 25, 256]), dict.fromkeys(range(5)), dict.fromkeys(x for x in (282, 25, 256)), dict.fromkeys("banana")
{-5: 1, 282: 2, 25: 3, 256: 4}, dict([(282, 1), (25, 2), (256, 3)]), {2**31: 1, -14: 2, 5: 3, 255: 4, 134: 5}, {"b": 1, "a": 2, "c": 3}
[] in {"a": 1}, {} in {"a": 1}, {1: 2} not in {}
[] in {1: 2}
{"a": 1}[[]]
{"a": 1}[1:2]
{1: 1}[1:2]
{"a": 1}.get([])
{1: 1}.get([])
dict({"a": 1}, **{b"bytes": 2})
dict(**{1: 2})
hash(2**31), hash(-2**31), hash(2**30), hash(2**40 + 5), hash(-1), hash(1.9), hash(-1.9), hash(0.5)
class D(dict):
    pass
for f in (lambda: dict(D(ab=1)), lambda: dict(D()), lambda: {}.update(D(abc=1)), lambda: dict(["ab"])):
    try:
        print(f())
    except ValueError as e:
        print(e)
s = set(range(20))
for i in range(0, 20, 3):
    s.discard(i)
t = s.copy()
t.add(100)
t.add(0)
print(s, t, frozenset(s), set(t))
d = {}
for i in (5, 100, -3, 17, 2**35, "x", 8):
    d[i] = 0
    print(list(d), end=" ")
print(d.copy(), dict(d))
'''
for e in TEXT.strip().split("\n"):
    try:
        print(e, "->", eval(e))
    except Exception as x:
        print(e, "|", type(x).__name__, x)

# dict: construction, methods, views, merging, keys of odd types, changes while it is walked.
TEXT = r'''
dict(), dict([]), dict([(1, 2)]), dict(((1, 2), [3, 4])), dict({1: 2}), dict({1: 2}, a=3), dict(a=1), dict([("a", 1)], a=2), dict(zip("ab", (1, 2))), dict(["ab", "cd"])
dict(5)
dict([5])
dict([(1,)])
dict([(1, 2, 3)])
dict(["abc"])
dict(1, 2)
dict(None)
{1: "a", 1.0: "b", True: "c"}, {0: 1, False: 2, 0.0: 3}, {(): 1}[()], {None: 1}[None], {"a": 1}["a"], {b"a": 1}[b"a"], {(1, (2,)): 3}[1, (2,)], {frozenset([1]): 2}[frozenset([1])], {int: 1}[int], {...: 1}[...]
{[]: 1}
{{}: 1}
{set(): 1}
{bytearray(b"a"): 1}
{([],): 1}
{}[1]
{}["a"]
{(1, 2): 3}[1]
{1: 2}[[]]
{1: 2}.get(1), {1: 2}.get(5), {1: 2}.get(5, 6), {}.get(None)
{}.get()
{}.get(1, 2, 3)
{}.get([])
{1: 2}.pop(1), {1: 2}.pop(5, 6)
{1: 2}.pop(5)
{}.pop()
{1: 2}.setdefault(1, 5), {1: 2}.setdefault(3), {1: 2}.setdefault(3, 4)
{1: 2}.popitem(), len({1: 2, 3: 4})
{}.popitem()
{1: 2}.items(), {1: 2}.keys(), {1: 2}.values(), list({1: 2}.items()), {1: 2}.keys() == {1: 3}.keys(), 1 in {1: 2}.keys(), (1, 2) in {1: 2}.items(), 2 in {1: 2}.values(), len({1: 2}.keys())
{1: 2}.items()[0]
{1: 2}.keys() | {3}
{1: 2}.keys().foo
hash({1: 2}.keys())
{1: 2} == {1: 2}, {1: 2} == {1: 3}, {1: 2} != {}, {1: 2} == [(1, 2)], {1: 2} == {1.0: 2.0}
{1: 2} < {3: 4}
{1: 2} | {3: 4}, {1: 2} | {1: 5}, {} | {}
{1: 2} | [(3, 4)]
{1: 2} + {3: 4}
{1: 2} * 2
-{}
bool({}), bool({1: 2}), not {}, 1 in {1: 2}, 2 in {1: 2}, 1 not in {}
[] in {}
{}.fromkeys([1, 2]), dict.fromkeys("ab", 0), dict.fromkeys([]), {1: 2}.fromkeys((3,), [])
dict.fromkeys()
dict.fromkeys(5)
dict.fromkeys([[]])
{1: 2}.copy(), {1: {2: 3}}.copy()[1] is None, {1: 2}.clear()
{}.update(5)
{}.update([5])
{}.update([(1, 2)], a=3), {}.update(), {}.update({1: 2}, b=3)
{}.update(1, 2)
{1: 2}.__getitem__(1), {1: 2}.__contains__(1) if hasattr({}, "__contains__") else 0
{1: 2}.foo
{1: 2}()
dict.get({1: 2}, 1), dict.keys({1: 2})
dict.get(5, 1)
{**{1: 2}, 3: 4, **{5: 6}} if False else 0
[*{1: 2, 3: 4}], (*{1: 2},), {*{1: 2}}
str({}), str({1: "a", "b": [None]}), repr({(1,): {2: ()}})
max({3: 1, 5: 0}), sorted({"b": 1, "a": 2}), sum({1: 2, 3: 4}), list({"x": 1}), list(zip({1: 2}, {3: 4})), tuple({1: 2}.items()), "".join({"a": 1, "b": 2})
{x: x * x for x in range(4)}, {x % 2: x for x in range(5)}, {k: v for k, v in {1: 2}.items() if k > 5}
d = {i: str(i) for i in range(20)}
for i in range(0, 20, 3):
    del d[i]
d[0] = "again"
d.update({3: "back", 100: "new"})
print(d, len(d), list(d)[-2:])
for change in ("del d[k]", "d[k] = 0", "d[-k - 1000] = 0", "d.clear()", "d.pop(k)"):
    d = {i: i for i in range(5)}
    n = 0
    try:
        for k in d:
            n += 1
            if n > 8:
                break
            exec(change)
        print(change, n > 0, len(d) >= 0)
    except Exception as e:
        print(change, type(e).__name__, e)
v = {1: 2}.keys()
d = {}
k, i, w = d.keys(), d.items(), d.values()
d[1] = 2
print(k, i, w, list(k), len(i), 2 in w)
class H:
    def __init__(self, h, n):
        self.h, self.n = h, n
    def __hash__(self):
        return self.h
    def __eq__(self, o):
        return isinstance(o, H) and self.n == o.n
    def __repr__(self):
        return "H%d" % self.n
d = {H(1, n): n for n in range(12)}
print(d[H(1, 7)], H(1, 99) in d, H(2, 7) in d, len(d))
for n in range(6):
    del d[H(1, n)]
print(sorted(d.values()), d.pop(H(1, 11)), len(d))
'''
for e in TEXT.strip().split("\n"):
    try:
        print(e, "->", eval(e))
    except Exception as x:
        print(e, "|", type(x).__name__, x)

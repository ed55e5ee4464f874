# set and frozenset: operators with each other, methods with any iterable, in-place kinds, refusals.
a, f = {1, 2, 3}, frozenset([2, 3, 4])
TEXT = r'''
sorted(a | f), sorted(a & f), sorted(a - f), sorted(a ^ f), type(a | f).__name__, type(f | a).__name__, type(f & f).__name__
a | [1]
a & [1]
a - "ab"
[1] | a
a | None
a + a
a * 2
-a
sorted(a.union([5])), sorted(a.union("xy", [9])) if False else 0, sorted(a.intersection([1, 9])), sorted(a.difference((1,))), sorted(a.symmetric_difference([1, 7])), a.union() == a, a.copy() == a, a.copy() is a
a.union(5)
a.intersection(None)
a.difference(5)
a.issubset([1, 2, 3, 4]), a.issuperset([1]), a.isdisjoint([9]), a.isdisjoint([1]), set().issubset(a), a.issubset(5) if False else 0
a.issubset(5)
a < {1, 2, 3, 4}, a <= a, a < a, a > {1}, a >= f, a == {3, 2, 1}, a != f, a == frozenset(a), f == {2, 3, 4}, a == [1, 2, 3], a != None
a < [1]
a < 5
1 in a, 9 in a, "a" in a, None in a
[] in a
{} in a
set() in a
{[]}
{{}}
set([[]])
frozenset([1]) in {frozenset([1])}, {frozenset([1]): 2}[frozenset([1])], hash(f) == hash(frozenset([4, 3, 2]))
hash(a)
set(5)
set(1, 2)
frozenset(5)
set(), frozenset(), {1}, frozenset([1]), set("a"), frozenset({}), set({1: 2}), str(set()), repr({()}), frozenset(()) == set()
a.add(3), a.discard(99), len(a)
a.remove(99)
a.add([])
a.discard([])
a.remove()
set().pop()
f.add(1)
f.remove(2)
f.pop()
f.update([1])
f.clear()
f.copy() == f, f.union([9]) == frozenset([2, 3, 4, 9]), f.difference([2]) == {3, 4}
a[0]
a.foo
a()
bool(set()), bool(a), not f, len(f), sum(a), max(f), sorted(f), list({5}), tuple({5}), {x for x in range(3)} == {0, 1, 2}, {*a, *f} == a | f
min(set())
{1, True, 1.0}, {0, False}, {(1,), (1.0,)}
for s in ("x |= {9}", "x &= {1, 9}", "x -= {1}", "x ^= {1, 9}", "x |= [9]", "x += {9}", "x.update([7], (8,))", "x.update()", "x.update(5)", "x.difference_update([1, 2])", "x.difference_update()", "x.intersection_update([1])", "x.symmetric_difference_update([1, 7])", "x.difference_update(5)", "x.add(4)", "x.remove(1)", "x.clear()", "x.update('ab')", "x.intersection_update(x)", "x.difference_update(x)"):
    for start in ({1, 2, 3}, frozenset([1, 2, 3])):
        g = {"x": start}
        try:
            exec(s, g)
            print(s, sorted(g["x"], key=str), type(g["x"]).__name__, g["x"] is start)
        except Exception as e:
            print(s, "|", type(e).__name__, e)
s = set(range(8))
while s:
    s.pop()
print(s, len(s))
for i in range(50):
    s.add(i)
for i in range(0, 50, 2):
    s.remove(i)
print(sorted(s), 24 in s, 25 in s)
'''
for e in TEXT.strip().split("\n"):
    try:
        print(e, "->", eval(e))
    except Exception as x:
        print(e, "|", type(x).__name__, x)

# Sets and frozen sets: operators, methods, and errors with their texts.
def show(v):
    return type(v).__name__ + str(sorted(v, key=str)) if isinstance(v, (set, frozenset)) else v
def do(e):
    s = {1, 2, 3}
    g = {"s": s, "f": frozenset((2, 3, 4))}
    try:
        try:
            c = compile(e, "e", "eval")
            r = eval(c, g)
        except SyntaxError:
            r = "-"
            exec(e, g)
        print(e, "->", show(r), show(g["s"]))
    except Exception as x:
        print(e, "|", type(x).__name__, x)
for e in """s.add(4)
s.add(1)
s.add([])
s.add()
s.discard(1)
s.discard(9)
s.remove(1)
s.remove(9)
{1}.pop()
set().pop()
s.clear()
s.copy()
s.update([5], "a")
s.update(5)
s.update()
s.union([4])
s.union({4}, {5}) if False else 0
s.intersection([1, 9])
s.difference([1], [2])
s.symmetric_difference([1, 9])
s.intersection_update([1])
s.difference_update([1], [2])
s.symmetric_difference_update([1, 9])
s.isdisjoint([7])
s.isdisjoint([1])
s.issubset({1, 2, 3, 4})
s.issuperset({1})
s | f
f | s
s & f
f & s
f & f
s - f
f - s
s ^ f
f ^ s
s |= f
s &= f
s -= f
s ^= f
s | [1]
s & 5
[1] | s
s + s
s < {1, 2, 3, 4}
s <= s
s > {1}
s >= f
s == {3, 2, 1}
s == frozenset((1, 2, 3))
s == [1, 2, 3]
s != f
1 in s, 9 in s, [] in [s]
[] in s
len(s), bool(set()), bool(s)
set("aab") == {"a", "b"}
set(5)
set([[]])
set(1, 2)
frozenset(5)
frozenset().add
f.add(1)
hash(f) == hash(frozenset((4, 3, 2)))
hash(s)
{f: 1}[frozenset((2, 3, 4))]
{frozenset(), 1} == {1, frozenset()}
s[0]
s()
sorted(s), sum(s), max(s)
repr(set()), repr(frozenset()), repr({1}), repr(frozenset({1}))
{*[1]} if False else 1
{1, True, 1.0} == {1}
s.nope
s.x = 1
set.add({1}, 2)
s.copy() is s
f.copy() is f
f |= {9}
frozenset(f) is f
set(x for x in range(2))""".split("\n"):
    do(e)

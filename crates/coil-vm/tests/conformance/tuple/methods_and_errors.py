# Tuples: operations, methods, and errors with their texts.
t = (1, 2, 3, 2)
for e in """t + (4,)
t * 2
2 * t
t * 0
t * -1
t[1]
t[-1]
t[1:3]
t[::2]
t[::-1]
t[5:]
t[3:1]
t.count(2)
t.index(2)
t.index(2, 2)
t.index(9)
t.index(2, 2, 3)
len(t)
2 in t
9 in t
t < (1, 3)
t == (1, 2, 3, 2)
t == [1, 2, 3, 2]
t[4]
t["a"]
t[1.0]
t[None]
t + [1]
t + 1
t * 1.5
t * "a"
t[True]
t["a":]
t[::0]
tuple([1]), tuple("ab"), tuple(range(2)), tuple()
tuple(1)
tuple(1, 2)
hash(()) == hash(())
() is ()
(1,) + ()
t()
t.append(1)
sorted(t), sum(t), min(t), max(t)
(1, (2, [3])), ((),), (None,)
str((1,)), repr(("a", b"b", 1.5))
t.count()
t.index()
(*t, *t)[:3] if False else 0
iter(t) is t
bool(()), bool((0,))
t[1] = 2
del t[0]
(1, 2) > 1
max((1, 2), (1, 3))
a, b = t
list(zip(t, t[1:]))
list(reversed(t))
list(enumerate(t, 1))""".split("\n"):
    try:
        try:
            print(e, "->", eval(e))
        except SyntaxError:
            exec(e)
            print(e, "ok")
    except Exception as x:
        print(e, "|", type(x).__name__, x)

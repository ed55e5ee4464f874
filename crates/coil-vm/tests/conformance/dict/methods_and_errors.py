# Dicts: every method, views, and errors with their texts.
def do(e):
    d = {"a": 1, 2: "b"}
    g = {"d": d}
    try:
        try:
            c = compile(e, "e", "eval")
            r = eval(c, g)
        except SyntaxError:
            r = "-"
            exec(e, g)
        if isinstance(r, dict):
            r = sorted((str(k), v) for k, v in r.items())
        print(e, "->", r, sorted((str(k), v) for k, v in g["d"].items()))
    except Exception as x:
        print(e, "|", type(x).__name__, x)
for e in """d["a"]
d["z"]
d[None]
d[[]]
d[{}]
d["z"] = 5
d[[]] = 1
del d["a"]
del d["z"]
d.get("a")
d.get("z")
d.get("z", 7)
d.get([])
d.get()
d.get(1, 2, 3)
d.setdefault("a", 9)
d.setdefault("z", 9)
d.setdefault("y")
d.setdefault()
d.pop("a")
d.pop("z")
d.pop("z", 3)
d.pop()
{1: 2}.popitem()
{}.popitem()
d.update({"a": 5})
d.update(x=1, y=2)
d.update([(1, 2)])
d.update([(1, 2, 3)])
d.update([1])
d.update(5)
d.update({}, {})
d.update("ab")
d.update(["ab"])
d.clear()
d.copy()
d.copy() is d
len(d)
"a" in d, "z" in d
1 in d.values(), "b" in d.values()
sorted(str(k) for k in d)
sorted(str(v) for v in d.values())
sorted(str(i) for i in d.items())
dict()
dict(a=1)
dict({"a": 1}, b=2)
dict([(1, 2), (3, 4)])
dict(5)
dict([5])
dict([(1,)])
dict.fromkeys("ab")
dict.fromkeys([1], 5)
dict.fromkeys(5)
d | {"c": 3}
d | [("q", 1)]
d | 5
d |= {"c": 3}
d |= [(9, 9)]
d + d
d == {2: "b", "a": 1}
d == {}
d != d.copy()
d < d
{1: 1} == {1.0: True}
{1: "a", True: "b"}
bool({}), bool(d)
hash(d)
repr({1: {2: []}})
str({"a": None})
d.nope
d.x = 1
d()
type(d.keys()).__name__
next(iter({5: 6}))
list({5: 6}.items())
{**d} if False else 0
max({1: 9, 5: 0})
sum({1: 9, 5: 0})
dict(**{"k": 1})
d.keys() == d.keys()
{}.keys()
[*{1: 2}] if False else 1""".split("\n"):
    do(e)
d = {i: i for i in range(20)}
for k in list(d):
    if k % 2:
        del d[k]
print(len(d), sum(d), sorted(d.values()))
try:
    for k in {1: 2, 3: 4}:
        pass
    print("end", k in (1, 3))
except RuntimeError as e:
    print(e)
print(sorted({1: 2}.items()), {(1, 2): 3}[1, 2], {None: 1}[None], {True: 1}[1], {1.0: 2}[1])

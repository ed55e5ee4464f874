# Every form of target, and the order in which its parts are evaluated.
def note(x):
    print("eval", x)
    return x

class Box:
    def __setattr__(self, name, v):
        print("set", name, v)
    def __setitem__(self, k, v):
        print("item", k, v)
    def __delitem__(self, k):
        print("del item", k)

b = Box()
a = c = [1, 2]
print(a is c)
b.x, b[0] = 1, 2
b[1:2] = "s"
[p, q] = (3, 4)
print(p, q)
(p, q), r = "xy", 5
print(p, q, r)
first, *rest = range(4)
print(first, rest)
*init, last = "abc"
print(init, last)
x, *y, z = 1, 2
print(x, y, z)
a, (b2, *c2) = 1, "xyz"
print(a, b2, c2)
for i, (j, k) in [(1, (2, 3)), (4, (5, 6))]:
    print(i, j, k)
d = {}
d[note("k")] = note("v")
d["n"] = d["m"] = 7
print(sorted(d.items()))
note([0])[note(0)] += note(5)
del b[3], b[4]
(m) = 3
print(m)
m: int = 4
print(m)
n: str
try:
    n
except NameError as e:
    print(e)
for bad in ("1 = x", "f() = 1", "x + 1 = 2", "(a, 1) = 2", "a, *b, *c = d", "*a = 1", "x += y += 1", "(x, y) += 1", "None = 1", "del 1", "del f()", "for 1 in x: pass", "[a for 1 in x]"):
    try:
        exec(bad)
    except SyntaxError as e:
        print(bad, "|", e)
for bad, v in (("a, b = v", (1,)), ("a, b = v", (1, 2, 3)), ("a, *b = v", ()), ("a, b = v", 5), ("a, *b, c = v", [1])):
    try:
        exec(bad, {"v": v})
    except (ValueError, TypeError) as e:
        print(bad, v, "|", type(e).__name__, e)

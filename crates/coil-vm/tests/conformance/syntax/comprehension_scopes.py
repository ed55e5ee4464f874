# Comprehensions have a scope of their own; the first iterable is evaluated outside.
x = "outer"
print([x for x in range(3)], x)
print({x: x * x for x in range(3)}, x)
print(sorted({x % 2 for x in range(5)}), x)
print(list((x, y) for x in "ab" for y in range(2) if y or x == "a"), x)
print([[j * i for j in range(3)] for i in range(3)])
fs = [lambda: i for i in range(3)]
print([f() for f in fs])
fs = [lambda i=i: i for i in range(3)]
print([f() for f in fs])

def f(n):
    return [n + k for k in range(n) if k != n - 1], [(lambda: n)() for _ in range(2)]
print(f(3))

class C:
    y = [1, 2]
    z = [v for v in y]
    try:
        w = [y for _ in range(1)]
    except NameError as e:
        print("no class scope", e)
print(C.z)
print([a for a, b in ((1, 2), (3, 4)) if b > 2])
print([y := 5, y * 2], y)
print([last := v for v in range(4)], last)
def g():
    t = [(u := v) for v in "xyz"]
    return u, t
print(g())
gen = (v for v in bad) if False else None
try:
    gen = (v for v in 5)
except TypeError as e:
    print(e)
it = iter(range(3))
gen = (v for v in it)
print(next(it), list(gen))
print([i for i in range(5) if i if i % 2])
print(list(map(lambda v: [v for v in range(v)], range(3))))
print(any(v > 3 for v in range(5)), sum(v for v in range(5)))
for bad in ("[x for]", "[for x in y]", "{x:y for x}", "[x, y for x in z]", "f(x for x in y, 1)"):
    try:
        exec(bad, {"y": 5})
    except (SyntaxError, TypeError, NameError) as e:
        print(bad, "|", e)

# Loops with else, nested break and continue, try in loops, chained comparisons, conditional expressions.
for i in range(3):
    if i == 5:
        break
else:
    print("no break")
for i in range(3):
    if i == 1:
        break
else:
    print("never")
i = 0
while i < 5:
    i += 1
    if i == 2:
        continue
    if i == 4:
        break
    print(i)
else:
    print("never")
while False:
    pass
else:
    print("while else")
for i in range(3):
    try:
        if i == 1:
            continue
        print("body", i)
        if i == 2:
            break
    finally:
        print("finally", i)
else:
    print("never")
def f():
    for i in range(3):
        for j in range(3):
            if j == 1:
                break
            if i == 1:
                continue
            yield i, j
        else:
            print("never")
print(list(f()))
def note(x):
    print("n", x)
    return x
print(note(1) < note(2) < note(2) < note(9))
print(1 < 2 > 1 == 1 != 2 is not None in [True])
print(note(0) or note("") or note([]) or "last")
print(note(1) and note(0) and note(2))
print(not note(0), not 1 == 2)
print("y" if note(0) else "z" if note(1) else "w")
assert True, note("not evaluated")
try:
    assert 0, note("text")
except AssertionError as e:
    print(repr(e))
try:
    assert 0
except AssertionError as e:
    print(repr(e))
pass; pass
if 1: print("one line"); print("two")
x = 1 if 0 else \
    2
print(x)
print((
    1,  # comment
    2,
))
def g(a, b=2, *c, d, e=5, **f):
    return a, b, c, d, e, sorted(f.items())
print(g(1, d=4))
print(g(1, 3, 4, 5, d=6, z=7))
print(g(*(1, 2), *[3], **{"d": 4}, **{"y": 1}))
print((lambda *a, k=1, **kw: (a, k, kw))(1, 2, k=3, j=4))
print(1,2,sep="-",end="!\n")
del x
try:
    x
except NameError as e:
    print(e)
try:
    del x
except KeyError as e:
    print(repr(e))
def h():
    y = 1
    del y
    try:
        y
    except NameError as e:
        print(e)
    try:
        del y
    except NameError as e:
        print(e)
h()

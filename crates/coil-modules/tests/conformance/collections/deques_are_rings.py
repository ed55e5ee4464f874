from collections import deque
d = deque((), 3)
print(len(d), bool(d), list(d))
for i in range(5):
    d.append(i)
print(list(d), d[0], d[-1], len(d))
d.appendleft(9)
print(list(d), d.pop(), d.popleft(), list(d))
d[0] = "set"
d.extend([1, 2])
print(list(d))
for f in (lambda: d[3], lambda: d[-4], lambda: deque(), lambda: deque((), -1), lambda: deque((), "a"), lambda: deque(1, 2), lambda: d["a"]):
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
full = deque((1, 2), 2, 1)
for f in (lambda: full.append(3), lambda: full.appendleft(3), lambda: deque((1, 2, 3), 2, 1)):
    try:
        f()
    except IndexError as e:
        print(e)
empty = deque((), 0)
for f in (empty.pop, empty.popleft):
    try:
        f()
    except IndexError as e:
        print(e)
print(list(deque(range(10), 4)), list(deque("ab", 5)))
try:
    del d[0]
except TypeError:
    print("TypeError")

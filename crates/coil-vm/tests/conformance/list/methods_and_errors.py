# Lists: every method, slices assigned and deleted, and errors with their texts.
def do(e):
    l = [3, 1, 2]
    g = {"l": l}
    try:
        try:
            c = compile(e, "e", "eval")
            r = eval(c, g)
        except SyntaxError:
            r = "-"
            exec(e, g)
        print(e, "->", r if r is not l else "self", g["l"])
    except Exception as x:
        print(e, "|", type(x).__name__, x, g["l"])
for e in """l.append(4)
l.append(l.copy())
l.extend("ab")
l.extend(range(2))
l.extend(5)
l.extend(l)
l.insert(0, 9)
l.insert(-1, 9)
l.insert(100, 9)
l.insert(-100, 9)
l.pop()
l.pop(0)
l.pop(-1)
l.pop(3)
l.pop("a")
[].pop()
l.remove(1)
l.remove(9)
l.clear()
l.copy()
l.index(2)
l.index(9)
l.index(3, 1)
l.count(1)
l.reverse()
l.sort()
l.sort(reverse=True)
l.sort(key=lambda x: -x)
l.sort(lambda x: x)
l.sort(key=None)
l.sort(foo=1)
l[0] = 5
l[-3] = 5
l[3] = 5
l[-4]
l["a"]
l["a"] = 1
l[1.0]
del l[0]
del l[5]
del l[1:]
del l[::2]
l[1:2] = [7, 8, 9]
l[1:2] = ()
l[:] = "ab"
l[5:] = [1]
l[0:0] = (1, 2)
l[::2] = [1, 2]
l[2:1] = [9]
l[1:] = 5
l[1:] = range(2)
l + [1]
l + (1,)
l + "a"
l * 2
0 * l
l * "a"
l += "ab"
l += 1
l *= 2
l == [3, 1, 2]
l != [3]
l < [3, 2]
l > 5
2 in l
"a" in l
[1, [2]] == [1, [2]]
l[::-1]
l[-2:]
l[::0]
l[True]
list(l) is l
list("ab")
list(5)
list()
bool([])
repr([l, "a", b"b", None])
l()
hash(l)
max(l), min(l), sum(l)
l.nope
l.x = 1
list.append(l, 1)
list.append()
[1, 2, 3][1:][0]
sorted(l, key=lambda x: (x % 2, x))
a, *b = l
[x for x in l if x > 1]
l.append(1, 2)
[0] * 3
l.sort(key=5)
l.append""".split("\n")[:-1]:
    do(e)
r = [1]
r.append(r)
print(len(r), r[1] is r)
l = [1, 2, 3, 4]
for x in l:
    if x < 10:
        l.append(x * 10)
    if len(l) > 7:
        break
print(l)
l = [5, 4]
it = iter(l)
next(it)
l.clear()
print(list(it))
l = [(2, "b"), (1, "z"), (2, "a")]
print(sorted(l), sorted(l, reverse=True), sorted(l, key=lambda p: p[1]))

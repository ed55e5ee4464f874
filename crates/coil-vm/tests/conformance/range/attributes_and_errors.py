# Ranges: length, items, slices, membership, and errors with their texts.
for e in """range(5)
range(1, 5)
range(1, 10, 3)
range(5, 0, -2)
len(range(0)), len(range(5)), len(range(1, 10, 3)), len(range(5, 0, -2)), len(range(0, -5))
list(range(5, 0, -2))
range(10)[3], range(10)[-1], range(1, 10, 3)[2]
range(10)[10]
range(10)[-11]
range(10)["a"]
range(10)[1.0]
range(10)[2:5]
range(10)[::2]
range(10)[::-1]
range(10)[5:2]
range(1, 20, 3)[1:4]
range(10)[8:100]
3 in range(5), 5 in range(5), 4 in range(0, 10, 2), 5 in range(0, 10, 2)
"a" in range(3)
2.0 in range(3)
range(3) == range(3)
range(2).start, range(2).stop, range(2).step
range(2).foo
range(2).start = 1
bool(range(0)), bool(range(1))
hash(range(3))
range()
range(1, 2, 0)
range(1, 2, 3, 4)
range("a")
range(1.5)
range(None)
range(True)
range(3) + range(3)
range(3) * 2
range(3)()
iter(range(3)) is range(3)
sum(range(101)), max(range(5)), min(range(3, 9))
list(reversed(range(4)))
list(zip(range(3), range(10, 13)))
sorted(range(3), reverse=True)
del range(3)[0]
tuple(range(-3, 3, 2))
range(0, 10, 100)[0]
list(range(3, 3)), list(range(3, 2)), list(range(0, 3, 5))""".split("\n"):
    try:
        try:
            print(e, "->", eval(e))
        except SyntaxError:
            exec(e)
            print(e, "ok")
    except Exception as x:
        print(e, "|", type(x).__name__, x)
for i in range(3):
    i += 10
    print(i)
for i in range(2, -1, -1):
    print(i)
else:
    print(i)

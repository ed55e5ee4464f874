# list.sort and sorted: keys, reverse, what the key sees, errors, and lists that change meanwhile.
TEXT = r'''
sorted([3, 1, 2]), sorted([3, 1, 2], reverse=True), sorted("hello"), sorted({3: 1, 1: 2}), sorted((2.5, 1, True)), sorted([]), sorted([1])
sorted([-3, 2, -1], key=abs), sorted(["b", "A", "c"], key=lambda s: s.lower()), sorted([3, 1, 2], key=None), sorted([1, 2, 3], key=lambda x: -x, reverse=True)
sorted([[2, 1], [1, 5], [1, 2]]), sorted([(1, "b"), (1, "a")]), sorted([b"b", b"a"]), sorted([True, False, 2, -1])
sorted([1, 2, 3, 4, 5, 6], key=lambda x: x % 2 * 10 + x), sorted(range(20), key=lambda x: (x * 7) % 20)
sorted(i for i in (5, 3, 4))
sorted([1, 2], reverse=1), sorted([1, 2], reverse=[]), sorted([2, 1], reverse="x")
sorted()
sorted(1)
sorted(None)
sorted([1], abs)
sorted([1], None, True)
sorted([1], foo=1)
sorted([1, 2], key=1)
sorted([1, 2], key=lambda: 0)
sorted([1, None, 2])
sorted([1j, 2j])
sorted([{}, {}])
sorted([object(), object()], key=lambda o: 1) != []
[3, 1].sort(abs)
[3, 1].sort(key=abs, foo=1)
[3, 1].sort(None)
[1].sort(reverse=True)
[x.sort() or x for x in ([2, 1], [])]
min([3, 1, 2], key=lambda x: -x), max(["a", "bbb", "cc"], key=len), min([], default=0), max((), default=None)
min([])
max()
min(1)
min(1, "a")
min([1], foo=1)
min(1, 2, default=5)
max([1, 2], key=lambda x: x, default=9)
min([1], [0]), max("abc", "abd"), min((1, 2), (1,))
'''
for e in TEXT.strip().split("\n"):
    try:
        print(e, "->", eval(e))
    except Exception as x:
        print(e, "|", type(x).__name__, x)

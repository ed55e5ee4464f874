# iter, next, enumerate, zip, map, filter, reversed: laziness, ends, errors.
def show(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
it = iter([1, 2])
print(next(it), next(it), next(it, "end"), next(it, None))
show(lambda: next(it))
show(lambda: next([1]))
show(lambda: next(1))
show(lambda: next())
show(lambda: next(it, 1, 2))
show(lambda: iter(1))
show(lambda: iter(None))
show(lambda: iter())
show(lambda: iter([], 1))
print(iter(it) is it)
print(list(zip()), list(zip([1, 2], "ab", (True,))), list(zip([], [1])))
print(list(enumerate("ab")), list(enumerate("ab", 5)), list(enumerate("ab", start=-1)), list(enumerate(iterable="a", start=2)))
show(lambda: enumerate())
show(lambda: enumerate(1))
show(lambda: enumerate([], "a"))
show(lambda: enumerate([], 1, 2))
show(lambda: enumerate([], foo=1))
print(list(map(lambda a, b: a + b, [1, 2, 3], [10, 20])), list(map(str, (1, None))), list(map(len, ["a", []])))
show(lambda: map())
show(lambda: map(len))
show(lambda: map(1, 2))
show(lambda: list(map(1, [2])))
show(lambda: list(map(len, [1])))
print(list(filter(None, [0, 1, "", "a", [], [0]])), list(filter(lambda x: x > 1, [1, 2, 3])))
show(lambda: filter(None))
show(lambda: filter(None, 1))
show(lambda: list(filter(1, [1])))
print(list(reversed([1, 2, 3])), list(reversed("abc")), list(reversed(b"ab")), list(reversed((1,))), list(reversed(range(3))))
show(lambda: reversed())
show(lambda: reversed(1))
show(lambda: list(reversed({1, 2})))
show(lambda: list(reversed({1: 2})))
show(lambda: reversed(iter([1])))
log = []
def gen(name, n):
    for i in range(n):
        log.append((name, i))
        yield i
z = zip(gen("a", 3), gen("b", 1))
print(next(z), log)
show(lambda: next(z))
print(log)
m = map(lambda x: log.append(x) or x, [7, 8])
print(log[-1] == 7)
print(next(m), log[-1])
class Seq:
    def __getitem__(self, i):
        if i > 2:
            raise IndexError
        return i * 10
class Sized(Seq):
    def __len__(self):
        return 3
print(list(Seq()), 10 in Seq(), list(reversed(Sized())), list(zip(Seq(), Sized())), sum(Seq()), max(Seq()))
class Stop:
    def __getitem__(self, i):
        if i:
            raise StopIteration
        return 1
class Broken:
    def __getitem__(self, i):
        raise KeyError(i)
print(list(Stop()))
show(lambda: list(Broken()))
class It:
    def __iter__(self):
        return self
    def __next__(self):
        raise StopIteration(5)
print(list(It()), next(It(), 3))
class NotIter:
    def __iter__(self):
        return 5
show(lambda: list(NotIter()))
show(lambda: iter(NotIter()))
class Rev:
    def __reversed__(self):
        return "backwards"
print(reversed(Rev()))
show(lambda: all([1, 0, 1 / 1]))
print(any([]), all([]), any("a"), all([[], 1]), any(x > 1 for x in (1, 2)))
show(lambda: any(1))
show(lambda: sum(["a"]))
show(lambda: sum("ab", ""))
show(lambda: sum([1], [2]))
show(lambda: sum(1))
print(sum([]), sum([1, 2], 10), sum([[1], [2]], []), sum((0.5, 1), 1))
a = [1, 2, 3]
for x in a:
    if x < 3:
        a.append(x + 10)
print(a)
d = {1: 1, 2: 2}
i = iter(d)
next(i)
del d[2]
print(next(i, "none left"))

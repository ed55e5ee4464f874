# The key function may raise, or look at the list that is being sorted.
a = [3, 1, 2]
def key(x):
    seen.append(x)
    if x == 2:
        raise KeyError(x)
    return x
seen = []
try:
    a.sort(key=key)
except KeyError as e:
    print("raised", e, sorted(a))
class Item:
    def __init__(self, n):
        self.n = n
    def __lt__(self, other):
        return self.n < other.n
    def __repr__(self):
        return "Item(%d)" % self.n
items = [Item(n) for n in (3, 1, 2)]
print(sorted(items), max(items, key=lambda i: i.n), min(items))
items.sort(reverse=True)
print(items)
class Bad:
    def __lt__(self, other):
        raise ValueError("no order")
try:
    sorted([Bad(), Bad()])
except ValueError as e:
    print(e)
class None_:
    pass
for f in (lambda: sorted([None_(), None_()]), lambda: [None_(), None_()].sort()):
    try:
        f()
    except TypeError as e:
        print(type(e).__name__, e)

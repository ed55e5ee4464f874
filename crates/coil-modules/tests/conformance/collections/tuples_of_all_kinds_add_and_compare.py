# A tuple, a named one, and instances of classes that derive from them, on both sides of operators.
from collections import namedtuple


class Own(tuple):
    pass


Pair = namedtuple("Pair", ("x", "y"))


class OwnPair(Pair):
    pass


kinds = ((8, 9), Own((6, 7)), Pair(4, 5), OwnPair(2, 3))
for a in kinds:
    print([a + b for b in kinds])
    print([a < b for b in kinds], [a == b for b in kinds], [a >= b for b in kinds])
    print(a * 2, (4, 5) in [a])

# math: special values, domain errors, wrong arguments.
import math
def tries(text, g):
    for e in text.split("\n"):
        try:
            r = eval(e, g)
            print(e, "->", r)
        except Exception as x:
            print(e, "|", type(x).__name__, x)

for n in sorted(x for x in dir(math) if not x.startswith("_")):
    f = getattr(math, n)
    if not callable(f):
        print(n, round(f, 6))
        continue
    for args in ((), (0,), (1,), (-1,), (0.5,), (2,), (1e300,), (float("inf"),), (float("-inf"),), (float("nan"),), ("a",), (None,), (2, 3), (-8, 1 / 3), (0, -1), (1, 0), (float("inf"), 2), (7.5, -2), (1, 2, 3), (1 << 70,), (True,)):
        try:
            r = f(*args)
            if isinstance(r, float):
                r = "%.6g" % r
            elif isinstance(r, tuple):
                r = tuple("%.6g" % x if isinstance(x, float) else x for x in r)
            print(n, args, r)
        except Exception as e:
            print(n, args, "|", type(e).__name__, e)

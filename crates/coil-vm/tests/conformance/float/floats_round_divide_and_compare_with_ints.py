# round(), //, %, divmod, ** and comparisons at their edges.
TEXT = r'''
[round(x) for x in (0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.49999999999999994, 1e16, -1e16, 2.0**62, 1e22)]
[round(x, 1) for x in (0.05, 0.15, 0.25, 0.35, 0.45, -0.25, 1e300)], [round(x, 2) for x in (2.675, 1.005, 1234.565)]
[round(1234.5678, n) for n in (-4, -3, -2, -1, 0, 1, 2, 3, 4, 10)]
round(1.5, None)
round(1.5, 1.5)
round(float("inf"))
round(float("nan"))
round(float("inf"), 2), round(float("nan"), 2)
round(15, -1), round(25, -1), round(-15, -1), round(149, -2), round(5, 3), round(10**30 + 5, -1), round(True)
round("a")
round()
[7.5 // x for x in (2, -2, 0.5, -0.25, 1e300, float("inf"), float("-inf"))]
[-7.5 % x for x in (2, -2, 0.5, 0.7, 1e300, float("inf"), float("-inf"))]
[divmod(x, y) for x in (7.25, -7.25) for y in (2.5, -2.5)]
divmod(1e300, 1e-300), divmod(5, 0.1), divmod(-0.0, 3), divmod(3, float("inf"))
divmod(float("inf"), 2)
float("inf") % 2
5.0 % float("nan"), float("nan") // 2
1.0 // 0
1.0 % 0
1.0 / 0.0
divmod(1.0, 0)
0.0 ** 0, 0.0 ** 1.5, (-2.0) ** 3, (-2.0) ** -3, 2 ** 0.5, 2 ** -1, 4 ** -0.5, 10.0 ** 308
0.0 ** -1
0 ** -0.5
(-8) ** (1 / 3)
(-1.0) ** 0.5
10.0 ** 400
(-10.0) ** 401
float("inf") ** 0, float("nan") ** 0, 1.0 ** float("nan"), 1 ** float("inf"), float("-inf") ** 3
1 == 1.0, 0 == -0.0, True == 1.0, 1 < 1.5, 2**53 + 1 == float(2**53), 10**400 > 1e308
10**400 == float("inf"), float("nan") == float("nan"), float("nan") != float("nan"), float("nan") < 1
1.5 < "a"
1.5 == "a", 1.5 != None, 1.5 == [1.5]
1.5 & 1
1.5 | 1.5
1.5 << 1
~1.5
-0.0, +0.0, -(0.0), abs(-0.0), abs(-1.5), abs(float("-inf"))
int(1e20), int(-1.9), int(2.0**70), int(1e300) == 10**300, int(float("1e15"))
int(float("inf"))
int(float("-inf"))
int(float("nan"))
bool(0.0), bool(-0.0), bool(1e-300), bool(float("nan"))
min(1.5, 1), max(1, 1.0), max(1.0, 1), min(float("nan"), 1), sum([0.1] * 10), sum([1, 2.5], 0.5)
[1.0, 2.5].index(1), (1, 2.0).count(2), 1.0 in [1], {1: "a"}[1.0]
"%d %d %x" % (1.9, -1.9, 255.5)
hash(1.0) == hash(1), hash(0.0) == hash(-0.0)
1.5 @ 2
1.5()
1.5[0]
1.5 .x
1.5 .hex()
1.5 .is_integer()
'''
for e in TEXT.strip().split("\n"):
    try:
        print(e, "->", eval(e))
    except Exception as x:
        print(e, "|", type(x).__name__, x)

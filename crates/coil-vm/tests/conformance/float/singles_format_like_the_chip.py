# float: f32
# Single precision: repr, %e %f %g, and format specifications with every precision.
inf, nan = float("inf"), float("nan")
for m in ("1", "1.5", "9.999999", "1.234567", "3.3", "6.02214", "2.000001", "8.388608"):
    for e in (-37, -20, -7, -6, -5, -4, -3, -1, 0, 1, 3, 5, 6, 7, 8, 9, 10, 15, 16, 20, 35):
        x = float(m + "e" + str(e))
        print(x, end=" ")
        if float(repr(x)) != x:
            print("! reads back as", float(repr(x)), end=" ")
    print()
for x in (0.1, 0.2, 0.1 + 0.2, 1 / 3, 2 / 3, 100 / 7, 16777216.0, 16777215.0, 33554432.0, 4.35, 0.07, 2.675, 3.4028235e38, 123456.7, 999999.5, 9999999.0, 25.6, 21.55, 1013.25):
    print(x, -x, str(x) == repr(x), [x], (x,), "%s %r" % (x, x), "{} {!r}".format(x, x))
for x in (0.0, -0.0, 1.0, -1.0, 0.5, 1.5, 2.5, 9.5, 9.995, 0.05, 99.995, 999999.5, 123456.789, 1e-4, 1e-5, 1.25e-7, 1e7, 1e8, 1e15, 1.2345678e9, -3.75e-9, inf, -inf, nan):
    for p in (0, 1, 2, 3, 6, 10, 17):
        print(*("%.*{}".format(c) % (p, x) for c in "efgEFG"), sep="|")
    for spec in ("", "e", "f", "g", "n", "%", "+", " ", "12", "<12", "^12", ">12", "=12", "012", "+012.3f", "*^+14.2e", " .1f", ".0%", "#.0f", "#g", "-", ".3", ".10"):
        try:
            print("{:{}}".format(x, spec), end="|")
        except ValueError as e:
            print(e, end="|")
    print()

# %e, %f, %g and their relatives with every precision, for numbers of all sizes.
inf, nan = float("inf"), float("nan")
for x in (0.0, -0.0, 1.0, -1.0, 0.5, 1.5, 2.5, 9.5, 9.995, 0.05, 99.995, 999999.5, 123456.789, 1e-4, 1e-5, 1.25e-7, 1e15, 1e16, 123456789012345680.0, 1e22, 1e100, -3.75e-9, inf, -inf, nan):
    for p in (0, 1, 2, 3, 6, 10, 17):
        print(*("%.*{}".format(c) % (p, x) for c in "efgEFG"), sep="|")
    for spec in ("", "e", "f", "g", "n", "%", "+", " ", "12", "<12", "^12", ">12", "=12", "012", "+012.3f", "*^+14.2e", " .1f", ".0%", "#.0f", "#g", "-", ".3", ".10"):
        try:
            print("{:{}}".format(x, spec), end="|")
        except ValueError as e:
            print(e, end="|")
    print()

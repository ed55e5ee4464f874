# repr and str of a double: the shortest text that gives the same number, and when it has an exponent.
for m in ("1", "1.5", "9.999999999999999", "1.2345678901234567", "3.3", "6.02214076", "2.0000000000000004"):
    for e in (-320, -308, -300, -100, -23, -7, -6, -5, -4, -3, -1, 0, 1, 5, 14, 15, 16, 17, 20, 21, 22, 23, 100, 307):
        x = float(m + "e" + str(e))
        print(x, end=" ")
        if float(repr(x)) != x:
            print("! reads back as", float(repr(x)), end=" ")
    print()
for x in (0.1 + 0.2, 1 / 3, 2 / 3, 100 / 7, 1e23, 9007199254740993.0, 123456789012345678.0, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 4.35, 0.07, 1e21 + 1e5):
    print(x, -x, str(x) == repr(x), [x], (x,), {x: x})

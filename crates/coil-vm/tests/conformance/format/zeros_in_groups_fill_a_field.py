# A separator with zeros: numbers and text, on every side.
for spec in ("08,", "09,", "010,", "012_", "015_", "020,", "05,", "04,", "0<10,", "0>10,", "0^10,", "0=10,", "+012,", " 012_", "012,.2f", "020_.3f", "08,s", "0<8,s", "0^9_s", "3,", ",", "_", "#014_x", "020_b"):
    for value in (0, 7, 1234, -1234, 1234567, 1.5, -1234.5, "ab", ""):
        try:
            print("{:{}}".format(value, spec), end="|")
        except ValueError as e:
            print(e, end="|")
    print()

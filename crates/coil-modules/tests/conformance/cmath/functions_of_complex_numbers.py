import cmath
for f in (cmath.exp, cmath.log, cmath.log10, cmath.sqrt, cmath.cos, cmath.sin):
    for z in (1, 2.5, 1j, 1 + 2j, -3 - 0.5j):
        r = f(z)
        print("%.4f %.4f" % (r.real, r.imag))
print("%.4f" % cmath.phase(-1 + 0j), ["%.4f" % x for x in cmath.polar(3 + 4j)], "%.4f" % cmath.rect(2, 0.5).imag, "%.3f" % cmath.pi)
for bad in (lambda: cmath.sqrt("a"), lambda: cmath.exp(None), lambda: cmath.rect(1j, 0)):
    try:
        print(bad())
    except TypeError as e:
        print("TypeError")

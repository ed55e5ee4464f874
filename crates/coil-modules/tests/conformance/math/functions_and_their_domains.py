import math
for name in ("sqrt", "exp", "expm1", "log", "log2", "log10", "cosh", "sinh", "tanh", "acosh", "asinh", "atanh", "cos", "sin", "tan", "acos", "asin", "atan", "fabs", "erf", "erfc", "gamma", "lgamma", "radians", "degrees"):
    f = getattr(math, name)
    for x in (-2, -0.5, 0, 0.25, 1, 2, 10):
        try:
            print(name, x, "%.5g" % f(x))
        except ValueError as e:
            print(name, x, e)
for x in (2.5, -2.5, 0.0, 1e15, 7, True):
    print(math.floor(x), math.ceil(x), math.trunc(x), math.modf(x), math.frexp(x))
print(math.pow(2, 10), math.atan2(1, -1), math.copysign(3, -0.0), math.fmod(-7, 3), math.ldexp(3, 4), math.log(8, 2))
print(math.isclose(1, 1 + 1e-10), math.isclose(1, 1.1), math.isclose(1, 1.1, rel_tol=0.2), math.isclose(0, 0.1, abs_tol=0.2), math.isclose(math.inf, math.inf))
print(math.inf, -math.inf, math.nan, math.isinf(math.inf), math.isnan(math.nan), math.isfinite(1), math.factorial(0), math.factorial(25))
for bad in (lambda: math.sqrt("a"), lambda: math.sqrt(None), lambda: math.log(0), lambda: math.log(2, 1), lambda: math.log(2, -1), lambda: math.pow(0, -1), lambda: math.fmod(1, 0),
            lambda: math.factorial(-1), lambda: math.factorial(1.5), lambda: math.floor(math.inf), lambda: math.floor(math.nan), lambda: math.exp(1000), lambda: math.isclose(1, 1, rel_tol=-1)):
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__, e)

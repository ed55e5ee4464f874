# Double precision: printing, reading, operators, rounding.
for x in (0.0, -0.0, 1.0, 0.1, 1 / 3, 2 / 3, 100.0, 1e15, 1e16, 123456789.125, 1e-4, 1e-5, 1e22, 1e23, 5e-324, 1.7976931348623157e308, float('inf'), float('nan')):
    print(x, -x, abs(x), bool(x), '%e %f %g %.3f %.12g' % (x, x, x, x, x))
    for y in (1, 2, -3, 0.5, -7.25, True):
        print(x + y, x - y, x * y, x / y, x // y, x % y, x < y, x == y, y - x)
for t in ('1', '.5', '5.', '1e5', '-1e-5', '1e400', 'inf', '-Infinity', 'nan', '1_0.5', ' 2.5 ', '123456789012345678901234567890'):
    print(t, float(t))
print([round(x, 1) for x in (0.25, 0.35, -1.05)], round(2.5), round(3.5), round(-0.5), round(1e20), round(1234.5678, 2))
def fails(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
fails(lambda: 1.0 / 0)
fails(lambda: 1.0 // 0)
fails(lambda: 1.0 % 0)
fails(lambda: 0.0 ** -1)
fails(lambda: float('x'))
fails(lambda: float(''))
fails(lambda: float('1e'))
fails(lambda: float([]))
fails(lambda: 1.5 << 1)
fails(lambda: 1.5 < 'a')
fails(lambda: round('a'))
print((-8) ** 2.0, 4 ** 0.5, 2.0 ** 10, hash(2.75), int(-2.75))
class F:
    def __float__(self): return 1.25
print(float(F()), 1.0 + F())

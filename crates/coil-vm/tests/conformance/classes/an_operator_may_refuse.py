# What a method of an operator does not know is asked elsewhere, wherever it ran.
class A:
    def __init__(s, x):
        s.x = x

    def __add__(s, o):
        if isinstance(o, str):
            return NotImplemented
        return A(s.x + (o.x if isinstance(o, A) else o))

    def __mul__(s, o):
        raise ValueError("mul")

    def __sub__(s, o):
        yield s.x

    def __mod__(s, o, z=3):
        return (s.x, o, z)

    def __iadd__(s, o):
        s.x += o
        return s


class B:
    def __radd__(s, o):
        return ("radd", o)


class C(A):
    def __add__(s, o):
        return NotImplemented

    def __floordiv__(s, o):
        return NotImplemented


a = A(1)
print((a + A(2)).x, (a + 5).x)
try:
    a + "x"
except TypeError as e:
    print(e)
try:
    a * 2
except ValueError as e:
    print(e)
print(list(a - 1), a % 2)
a += 10
print(a.x)
c = C(1)
print((c + B())[0])
try:
    c + 3
except TypeError as e:
    print(e)
try:
    c // 3
except TypeError as e:
    print(e)
try:
    c // c
except TypeError as e:
    print(e)


class D:
    def __init__(s, n):
        s.n = n

    def __add__(s, o):
        if s.n == 0:
            return 0
        return D(s.n - 1) + o


print(D(20) + 1)


class R:
    def __add__(s, o):
        return s + o


try:
    R() + 1
except RuntimeError as e:
    print(e)


def g():
    x = A(3)
    for i in range(5000):
        x = x + 1
    return x.x


print(g())

# Results are masked, so that a reference with wider words agrees.
import micropython


@micropython.viper
def mix(a: int, b: int) -> int:
    x = a * b
    x += a << 3
    x -= b ^ a
    x |= b & 0x55
    return ~x & 0x3FFFFFF


@micropython.viper
def hash5(data: ptr8, n: int) -> int:
    h = 5381
    for i in range(n):
        h = (h << 5) + h ^ data[i]
    return h & 0xFFFFFF


for a, b in ((1, 2), (-7, 9), (123456, 654321), (-99999, -77777)):
    print(mix(a, b) & 0xFFFF)
print([hash5(s, len(s)) for s in (b"", b"a", b"learners learn", bytearray(range(200)))])


@micropython.viper
def divide(a: int, b: int):
    return a // b, a % b


for a in (-7, 7):
    for b in (-3, -1, 1, 3, 8):
        print(a, b, *divide(a, b))


@micropython.viper
def shifts(a: int, n: int):
    return a << n, a >> n, int(uint(a) >> uint(n)) & 15


print(shifts(100, 3), shifts(-100, 3), shifts(5, 0))


@micropython.viper
def unary(a: int):
    return -a, ~a, +a


print(unary(5), unary(-5), unary(0))

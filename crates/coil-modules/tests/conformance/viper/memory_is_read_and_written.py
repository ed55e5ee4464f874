import micropython
from array import array


@micropython.viper
def words(p: ptr16, n: int) -> int:
    total = 0
    for i in range(n):
        total += p[i]
    return total


@micropython.viper
def fill(p: ptr32, start: int, stop: int, value: int):
    i = start
    while i < stop:
        p[i] = value
        i += 1


@micropython.viper
def swap(p: ptr8, i: int, j: int):
    p[i], p[j] = p[j], p[i]


@micropython.viper
def bump(p: ptr8, i: int):
    p[i] += 3
    p[0] -= 1
    p[i + 1] <<= 1


@micropython.viper
def step(p: ptr8) -> int:
    q = ptr8(int(p) + 2)
    r = ptr16(q)
    return q[0] + (r[1] << 8) + p[-0]


b = bytearray(range(12))
print(words(b, 6), step(b))
fill(b, 1, 3, 0x01020304)
print(b)
swap(b, 0, 11)
bump(b, 4)
print(b)
a = array("i", [1, -2, 3])
fill(a, 0, 1, -5)
print(a)
print(words(b"\x01\x02\x03\x04", 2), words(memoryview(b)[2:6], 2))


@micropython.viper
def held() -> int:
    p = ptr8(bytearray(b"kept while it is pointed at"))
    n = 0
    for i in range(50):
        bytearray(200)
    for i in range(27):
        n += p[i]
    return n


print(held(), sum(b"kept while it is pointed at"))


@micropython.viper
def address(p: ptr) -> uint:
    return uint(p)


at = address(b)
swap(at, 1, 2)
print(b[:4], address(memoryview(b)[5:]) - at)

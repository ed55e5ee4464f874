import micropython
@micropython.viper
def f(p: ptr8, n: int) -> uint:
    s: uint = uint(0)
    for i in range(n):
        s += p[i] << (i & 7)
        if s > 9 and not n < 3: p[i] = s
    return s
@micropython.native
def g(a): return a + 1
print(f(bytearray(b'abc'), 3), g(1))

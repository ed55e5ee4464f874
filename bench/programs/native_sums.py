# Loops of machine code over ints: ranges inside each other, a while loop, bits.
@micropython.native
def triangle(n):
    total = 0
    for i in range(n):
        for j in range(i):
            total += i ^ j
    return total


@micropython.native
def mixed(n):
    x = 12345
    i = 0
    while i < n:
        x = (x ^ (x << 3)) & 0xFFFFF
        x = x ^ (x >> 5)
        x = (x + i) & 0xFFFFF
        i += 1
    return x


@micropython.native
def fibonacci(n):
    a = 0
    b = 1
    for i in range(n):
        t = (a + b) & 0xFFFFFF
        a = b
        b = t
    return a


print(triangle(2000))
print(mixed(1000000))
print(fibonacci(1000000))

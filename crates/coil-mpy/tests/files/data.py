# Displays, comprehensions, operators and conditions.
def operators(a, b):
    yield a + b, a - b, a * b, a // b, a % b, a**b, a & b, a | b, a ^ b, a << b, a >> b
    yield a < b, a <= b, a > b, a >= b, a == b, a != b, a is b, a is not b, a in (a, b), a not in (b,)
    yield -a, +a, ~a, not a, a and b, a or b, a if b else -1, a / b
    c = a
    c += b
    c -= 1
    c *= 3
    c //= 2
    c %= 1000
    c **= 2
    c <<= 1
    c >>= 2
    c &= 0xFFFF
    c |= 5
    c ^= 3
    yield c, 0 < a < b < 100, 1 > a > b, a == 7 == b


for row in operators(7, 3):
    print(row)


def loops(n):
    out = []
    for i in range(n):
        if i % 2:
            continue
        for j in range(i, n, 3):
            if j > 6:
                break
            out.append((i, j))
        else:
            out.append(i)
    while n > 0:
        n -= 1
        if n == 2:
            break
    else:
        out.append("never")
    for k, v in {"a": 1}.items():
        out.append((k, v))
    for x in (), [5], "t", {9}:
        for y in x:
            out.append(y)
    for step in range(5, 0, -2):
        out.append(step)
    return out


print(loops(9))
print([x * y for x in range(3) for y in range(3) if x != y], {x % 3 for x in range(9)} == {0, 1, 2})
print({k: [v, v] for k, v in zip("abc", range(3))}, list(x for x in "gen"), sum(i for i in range(5)))
print([[(i, j) for j in range(i)] for i in range(4)], [n for n in [1, 2, 3, 4] if (m := n % 3)], m)
print([], (), {}, {1}, [1, [2, (3,)]], {"k": {"n": None}}, *[1, 2], sep="|", **{"end": "|\n"})
text = "name"
print(f"{text!r:>8}|{len(text)}|{'nested ' + f'{text}'}|{3.14159:.2f}|{{}}")
print("%s-%d" % (text, 5), text[1:3], text[-1], b"ab"[0])


def f(a, b=None):
    return (a, b)


def many(x, y):
    picked = [x and 0, x and 1, x and 2, x and 3, x and 4, x and 5, x and 6, 7 if x else f(7, y), x and 8, x and 9, x and 10, x and 11, x and 12, x and 13, x and 14, x and 15, x and 16, x and 17, x and 18, x and 19, x and 20, x and 21, x and 22, x and 23, x and 24, x and 25, x and 26, 27 if x else f(27, y), x and 28, x and 29, x and 30, x and 31, x and 32, x and 33, x and 34, x and 35, x and 36, x and 37, x and 38, x and 39, x and 40, x and 41, x and 42, x and 43, x and 44, x and 45, x and 46, 47 if x else f(47, y), x and 48, x and 49, x and 50, x and 51, x and 52, x and 53, x and 54, x and 55, x and 56, x and 57, x and 58, x and 59, x and 60, x and 61, x and 62, x and 63, x and 64, x and 65, x and 66, 67 if x else f(67, y), x and 68, x and 69, x and 70, x and 71, x and 72, x and 73, x and 74, x and 75, x and 76, x and 77, x and 78, x and 79, x and 80, x and 81, x and 82, x and 83, x and 84, x and 85, x and 86, 87 if x else f(87, y), x and 88, x and 89, x and 90, x and 91, x and 92, x and 93, x and 94, x and 95, x and 96, x and 97, x and 98, x and 99, x and 100, x and 101, x and 102, x and 103, x and 104, x and 105, x and 106, 107 if x else f(107, y), x and 108, x and 109, x and 110, x and 111, x and 112, x and 113, x and 114, x and 115, x and 116, x and 117, x and 118, x and 119, x and 120, x and 121, x and 122, x and 123, x and 124, x and 125, x and 126, 127 if x else f(127, y), x and 128, x and 129]
    summed = (x + 0, x + 1, x + 2, x + 3, x + 4, x + 5, x + 6, x + 7, x + 8, x + 9, x + 10, x + 11, x + 12, x + 13, x + 14, x + 15, x + 16, x + 17, x + 18, x + 19, x + 20, x + 21, x + 22, x + 23, x + 24, x + 25, x + 26, x + 27, x + 28, x + 29, x + 30, x + 31, x + 32, x + 33, x + 34, x + 35, x + 36, x + 37, x + 38, x + 39, x + 40, x + 41, x + 42, x + 43, x + 44, x + 45, x + 46, x + 47, x + 48, x + 49, x + 50, x + 51, x + 52, x + 53, x + 54, x + 55, x + 56, x + 57, x + 58, x + 59, x + 60, x + 61, x + 62, x + 63, x + 64, x + 65, x + 66, x + 67, x + 68, x + 69, x + 70, x + 71, x + 72, x + 73, x + 74, x + 75, x + 76, x + 77, x + 78, x + 79, x + 80, x + 81, x + 82, x + 83, x + 84, x + 85, x + 86, x + 87, x + 88, x + 89, x + 90, x + 91, x + 92, x + 93, x + 94, x + 95, x + 96, x + 97, x + 98, x + 99, x + 100, x + 101, x + 102, x + 103, x + 104, x + 105, x + 106, x + 107, x + 108, x + 109, x + 110, x + 111, x + 112, x + 113, x + 114, x + 115, x + 116, x + 117, x + 118, x + 119, x + 120, x + 121, x + 122, x + 123, x + 124, x + 125, x + 126, x + 127, x + 128, x + 129)
    unique = {x + 0, x + 0, x + 1, x + 1, x + 2, x + 2, x + 3, x + 3, x + 4, x + 4, x + 5, x + 5, x + 6, x + 6, x + 7, x + 7, x + 8, x + 8, x + 9, x + 9, x + 10, x + 10, x + 11, x + 11, x + 12, x + 12, x + 13, x + 13, x + 14, x + 14, x + 15, x + 15, x + 16, x + 16, x + 17, x + 17, x + 18, x + 18, x + 19, x + 19, x + 20, x + 20, x + 21, x + 21, x + 22, x + 22, x + 23, x + 23, x + 24, x + 24, x + 25, x + 25, x + 26, x + 26, x + 27, x + 27, x + 28, x + 28, x + 29, x + 29, x + 30, x + 30, x + 31, x + 31, x + 32, x + 32, x + 33, x + 33, x + 34, x + 34, x + 35, x + 35, x + 36, x + 36, x + 37, x + 37, x + 38, x + 38, x + 39, x + 39, x + 40, x + 40, x + 41, x + 41, x + 42, x + 42, x + 43, x + 43, x + 44, x + 44, x + 45, x + 45, x + 46, x + 46, x + 47, x + 47, x + 48, x + 48, x + 49, x + 49, x + 50, x + 50, x + 51, x + 51, x + 52, x + 52, x + 53, x + 53, x + 54, x + 54, x + 55, x + 55, x + 56, x + 56, x + 57, x + 57, x + 58, x + 58, x + 59, x + 59, x + 60, x + 60, x + 61, x + 61, x + 62, x + 62, x + 63, x + 63, x + 64, x + 64}
    return picked, summed, unique


for x in 0, 1:
    picked, summed, unique = many(x, "y")
    print(len(picked), picked[:9], picked[-1], len(summed), summed[-1], len(unique), max(unique))
try:
    [0] + many(1, [])[0][many]
except TypeError as e:
    print("TypeError")

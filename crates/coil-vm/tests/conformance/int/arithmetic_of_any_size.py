# Ints small and large: signs, divisions, shifts, bits, conversions; the same laws for all.
nums = [0, 1, -1, 2, -2, 7, -7, 255, -256, 2**30 - 1, 2**30, -2**30, 2**31, -2**31 - 1, 2**32, 2**62, -2**62, 2**63 - 1, 2**63, -2**63, 2**64, 2**64 + 1, -2**65, 10**20, -10**20 + 1, 3**50, 2**100 - 1, -2**100]
for a in nums:
    print(a, -a, ~a, abs(a), bool(a), hash(a) == hash(a + 0), a.bit_length() if hasattr(a, "bit_length") else "-")
    print(hex(a), oct(a), bin(a), str(a), int(str(a)) == a, int(hex(a), 16) == a, float(a))
    print([a << n for n in (0, 1, 31, 64)], [a >> n for n in (0, 1, 31, 64, 200)])
    for b in nums:
        r = [a + b - b == a, a * b, a & b, a | b, a ^ b, a < b, a == b]
        if b:
            q, m = divmod(a, b)
            r += [q, m, q * b + m == a, a // b == q, a % b == m]
        print(r)
for a in (0, 1, -1, 2, -3, 10, 2**40, -2**40):
    for n in range(6):
        print(a ** n, end=" ")
    print()
for e in """1 << -1
1 >> -1
(1 << 70) << -1
1 // 0
1 % 0
(1 << 70) // 0
(1 << 70) % 0
divmod(1, 0)
0 ** -1
2 ** -2
(1 << 70) ** -1
pow(3, 1000, 7)
pow(3, 2**70, 1000007)
pow(2, 100, 1)
pow(2, 3, 0)
pow(-2, 3, 5)
pow(2, 3, -5)
int("1" * 40)
int("-0xff", 16)
int("zz", 36)
int("1_000")
int(" 42 ")
int(1e25)
int(-1.9)
int(float("inf"))
int(float("nan"))
(1 << 70) + 1.5
(1 << 70) == float(1 << 70)
(1 << 70) < 1e30
1 << 70 > 1.0
(2**64).to_bytes(9, "big")
(2**64).to_bytes(8, "big")
(-1).to_bytes(4, "little")
int.from_bytes(b"\\xff" * 9, "big")
int.from_bytes(b"", "big")
int.from_bytes(b"\\x01\\x02", "little")
(1 << 70) & -1 == 1 << 70
-1 >> 100
(-(1 << 70)) >> 100
~(1 << 70)
(1 << 70) % -7, -(1 << 70) % 7
"%d %x %o" % (1 << 70, 1 << 70, 1 << 70)
"{:,} {:_x} {:>30}".format(1 << 70, 255, 1 << 70) if False else 0
"{:d}|{:30d}|{:<30d}|{:+d}|{:#x}".format(1 << 70, 1 << 70, 1 << 70, 1 << 70, 1 << 70)
(1 << 2000) % 1000007
len(str(3 ** 2000))
True + True, True << 3, ~True, -True, True & 6
1 + None
(1 << 70) + "a"
(1 << 70)[0]
round(12345, -2), round(-12355, -1), round(1 << 70, -3) if False else 0
max(1 << 70, 5, 1.5)
sum([1 << 70] * 3)
hash(1 << 70) == hash((1 << 69) * 2)
{1 << 70: 1}[(1 << 69) * 2]
(1 << 70) is None
range(1 << 40)[1 << 39]""".split("\n"):
    try:
        print(e, "->", eval(e))
    except Exception as x:
        print(e, "|", type(x).__name__, x)

# Where a function takes an int as a word of the chip, others do not fit: counts, indices, shifts.
a, s, b = [1, 2, 3], "abc", bytearray(b"abc")
big = 2**31
TEXT = r'''
range(big)
range(-big)
len(range(big - 1)), range(5)[1:big - 1]
range(0, 1, big)
a[big]
a[-big]
a[:big]
a[-big:]
a[2**40::1]
s[big]
s[:big]
b[big]
(1, 2)[2**62]
a.pop(big)
a.index(1, big)
[0] * big
"a" * big
() * big
b"" * 2**40
2**40 * "a"
"a".center(big)
s.find("a", big)
s.split(",", big)
s.replace("a", "b", big)
chr(big)
chr(2**40)
"%c" % big
"{:c}".format(2**40)
bytes(2**30)
bytearray(big)
bytes(-1)
(1).to_bytes(big, "big")
round(1.5, big)
round(5, -big)
1 << big
1 >> big
0 << 2**40
-5 >> 2**40
2**70 >> 2**40
int("1", big)
enumerate([], big)
"%*d" % (big, 1)
slice(1) if 0 else s[0:2**40:1]
sum([big, big]), big * big, -big, abs(-big), divmod(big, 7), hash(big) == hash(big), big in [big]
'''
for e in TEXT.strip().split("\n"):
    try:
        print(e, "->", eval(e))
    except Exception as x:
        print(e, "|", type(x).__name__, x)

# complex: text in and out, mixed arithmetic, powers, what is refused.
TEXT = r'''
1j, -1j, 1.5j, 0j, -0j, 1e3j, 2 + 3j, 2 - 3j, -2 - 3j, 1j * 1j, complex(0, -0.0), complex(-0.0, 1), complex(1, float("inf")), complex(float("nan"), -1)
complex(), complex(1), complex(1.5), complex(1, 2), complex(1j, 1j), complex(True, False), complex("1"), complex("1j"), complex("1+2j"), complex("-1.5-2.5e1j"), complex("j"), complex("+j"), complex("-j"), complex(10**20)
complex("")
complex("1+")
complex("1 + 2j")
complex(" 1+2j ")
complex("1+2")
complex("1j+2")
complex("1+2jj")
complex("x")
complex([])
complex("1", 2)
complex(1, "2")
complex(1, 2, 3)
complex(None)
(1+2j) + 1, 1 + (1+2j), (1+2j) - 1.5, 2.5 - (1+2j), (1+2j) * 2, 3 * (1+2j), (1+2j) / 2, 1 / (1+2j), (1+2j) / (3-4j), (1+2j) * (3-4j)
(1+2j) / 0
(1+2j) / 0j
1 / 0j
(1+2j) // 1
(1+2j) % 2
divmod(1j, 1)
1j < 1
1j <= 1j
1j == 1j, 1j != 1, 1 + 0j == 1, 1.5 + 0j == 1.5, 1j == "a", True == 1 + 0j
-(1+2j), +(1+2j), abs(3+4j), abs(-5j), bool(0j), bool(1j), not 0j
~1j
(1+2j).real, (1+2j).imag, (3j).real
(1+2j).conjugate()
1j.x
int(1j)
float(1j)
round(1j)
(1+2j) ** 0, 1j ** 0, 0j ** 0, 0j ** 1, 0j ** 2.5
0j ** -1
0j ** 1j
(1+0j) ** 5, (2+0j) ** 3
"%s %r" % (1j, 2+1j), str(1j), repr(1.5j), "{}".format(1+1j)
"{:.2f}".format(1j)
"%d" % 1j
"%f" % 1j
sum([1j, 2, 3.5]), [1j, 2j].index(2j), 1j in [1, 1j], {1j: 2}[1j]
max(1j, 2j)
sorted([1j, 0])
1j + "a"
"a" * 1j
[1] * 1j
1j[0]
1j()
len(1j)
isinstance(1j, complex), isinstance(1, complex), type(1j)
hash(1j) == hash(0 + 1j)
'''
for e in TEXT.strip().split("\n"):
    try:
        print(e, "->", eval(e))
    except Exception as x:
        print(e, "|", type(x).__name__, x)

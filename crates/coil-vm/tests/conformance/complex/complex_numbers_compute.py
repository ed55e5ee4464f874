# Complex numbers: construction, printing, operators.
a, b = 3 + 4j, 1 - 2j
print(a, b, a + b, a - b, a * b, a / b, -a, +a, abs(a), a == b, a == 3 + 4j, a != b, bool(0j), a.real, a.imag)
print(complex(), complex(1), complex(1, 2), complex('1+2j'), complex('j'), complex(1j, 1j), 1 + 2j == complex(1, 2), 2 * 1j, 1j * 2.5, 1 - 1j, 2.0 / 1j)
print(a ** 0, 0j ** 2, 1j * 1j, hash(3 + 0j) == hash(3), [1j], 0.0 + 1j, complex(float('inf'), 1))
def fails(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
fails(lambda: a // b)
fails(lambda: a % b)
fails(lambda: a < b)
fails(lambda: a / 0)
fails(lambda: 0j ** -1)
fails(lambda: complex('x'))
fails(lambda: complex([]))
fails(lambda: int(a))
fails(lambda: float(a))

# Ints of any size: operators, conversion, bytes.
vals = [0, 1, -1, 7, -7, 1 << 31, (1 << 62) - 1, 1 << 62, -(1 << 62) - 1, 1 << 63, 1 << 64, 10 ** 20, -3 ** 50, -(1 << 200) + 1]
for a in vals:
    print(a, -a, ~a, abs(a), hex(a), oct(a), bin(a), bool(a), float(a), str(a), int(str(a)) == a)
    for b in vals:
        print(a + b, a - b, a * b, a & b, a | b, a ^ b, a < b, a <= b, a == b, a != b)
        if b:
            print(a // b, a % b, divmod(a, b), a / b)
    for n in (0, 1, 5, 62, 63, 64, 100):
        print(a << n, a >> n, a ** 3)
    print(round(a, -1), round(a, -3), a.to_bytes(26, 'big', signed=True), pow(a, 5, 97), pow(a, 10 ** 18, 10 ** 18 + 9))
print(int('ff', 16), int('0b101', 0), int('-0x1F', 16), int(' 12 '), int('1_000'), int('zz', 36), int(b'77'), int(2.9), int(-1e25), int(True))
print(int.from_bytes(b'\x01\x02', 'big'), int.from_bytes(b'\x01\x02', 'little'), int.from_bytes(b'\xff' * 9, 'big'))
def fails(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
fails(lambda: 1 // 0)
fails(lambda: 1 % 0)
fails(lambda: (1 << 70) // 0)
fails(lambda: 1 << -1)
fails(lambda: 1 >> -1)
fails(lambda: int('1', 99))
fails(lambda: int([]))
fails(lambda: int(float('inf')))
fails(lambda: int(float('nan')))
fails(lambda: 1 + 'a')
fails(lambda: 1 < 'a')
fails(lambda: (256).to_bytes(1, 'big'))
fails(lambda: (-1).to_bytes(1, 'big'))
fails(lambda: pow(2, 3, 0))
fails(lambda: 0 ** -1)
fails(lambda: 2 ** -1)

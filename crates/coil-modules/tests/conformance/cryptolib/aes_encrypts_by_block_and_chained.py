from cryptolib import aes
data = bytes(range(48))
for key in (bytes(range(16)), bytes(range(32))):
    for mode, iv in ((1, ()), (2, (b"\xaa" * 16,))):
        e = aes(key, mode, *iv)
        c = e.encrypt(data[:16]) + e.encrypt(data[16:])
        print(c)
        d = aes(key, mode, *iv)
        out = bytearray(48)
        print(d.decrypt(c, out) is out, out == data)
        for bad in (lambda: e.decrypt(c), lambda: d.encrypt(c), lambda: e.encrypt(b"short"), lambda: e.encrypt(data, bytearray(3))):
            try:
                bad()
            except ValueError as x:
                print(x)
for bad in (lambda: aes(b"", 1), lambda: aes(bytes(16), 2), lambda: aes(bytes(16), 2, b"x"), lambda: aes(bytes(16), 9), lambda: aes(bytes(16)), lambda: aes(1, 1)):
    try:
        bad()
    except Exception as x:
        print(type(x).__name__, x)

import hashlib, binascii
for make in (hashlib.md5, hashlib.sha1, hashlib.sha256):
    for data in (b"", b"abc", b"a" * 1000, "text", bytearray(64)):
        print(binascii.hexlify(make(data).digest()))
    h = make()
    for i in range(200):
        h.update(bytes([i]) * i)
    print(binascii.hexlify(h.digest()))
    for f in (h.digest, lambda: h.update(b"x")):
        try:
            f()
        except ValueError as e:
            print(e)
for bad in (lambda: hashlib.md5(1), lambda: hashlib.md5(b"", b""), lambda: hashlib.sha1(None), lambda: hashlib.sha256().update()):
    try:
        bad()
    except TypeError:
        print("TypeError")

# hashlib: lengths around the block size in one piece and in many, and a hash that is done.
import hashlib, binascii
for name in ("md5", "sha1", "sha256"):
    make = getattr(hashlib, name)
    for n in (0, 1, 54, 55, 56, 57, 63, 64, 65, 111, 112, 119, 120, 127, 128, 129, 1000):
        data = bytes(i & 255 for i in range(n))
        whole = make(data).digest()
        pieces = make()
        for i in range(0, n, 13):
            pieces.update(memoryview(data)[i : i + 13])
        halves = make(data[: n // 2])
        halves.update(b"")
        halves.update(bytearray(data[n // 2 :]))
        print(n, binascii.hexlify(whole), pieces.digest() == whole, halves.digest() == whole)
    for f in (lambda h: h.digest(), lambda h: h.update(b"x"), lambda h: h.update(b"")):
        h = make(b"abc")
        h.digest()
        try:
            print(f(h))
        except Exception as e:
            print(name, type(e).__name__, e)
    for f in (lambda: make(5), lambda: make(None), lambda: make([1]), lambda: make().update(), lambda: make().update(5), lambda: make(b"", 1), lambda: make().copy(), lambda: make().name, lambda: make().digest_size, lambda: make(data=b""), lambda: make("\u20ac").digest() == make(b"\xe2\x82\xac").digest()):
        try:
            print(f())
        except Exception as e:
            print(name, type(e).__name__, e)
for f in (lambda: hashlib.sha512, lambda: hashlib.new):
    try:
        f()
    except AttributeError as e:
        print("AttributeError")

# deflate: raw, zlib and gzip with header fields, stored and compressed blocks, windows, partial reads, errors.
import deflate, io
def hx(s):
    return bytes.fromhex(s)
STORED = hx("010500faff68656c6c6f")
FIXED = hx("cb48cdc9c907 00".replace(" ", ""))
ZSTORED = hx("7801") + STORED + hx("062c0215")
GZ = hx("1f8b08000000000000ff") + FIXED + hx("86a61036") + hx("05000000")
GZNAME = hx("1f8b0808000000000003") + b"name.txt\0" + FIXED + hx("86a61036") + hx("05000000")
GZALL = hx("1f8b081e000000000003") + hx("0300616263") + b"n\0" + b"comment\0" + hx("1234") + FIXED + hx("86a61036") + hx("05000000")
MANY = hx("010100feff61") [:0] + hx("000100feff61") * 3 + hx("010000ffff")
def read(data, *args):
    try:
        return deflate.DeflateIO(io.BytesIO(data), *args).read()
    except Exception as e:
        return type(e).__name__, e.args
print(read(STORED, deflate.RAW), read(FIXED, deflate.RAW), read(MANY, deflate.RAW), read(ZSTORED), read(GZ), read(GZNAME), read(GZALL))
for data in (STORED, FIXED, ZSTORED, GZ, GZNAME):
    for format in (deflate.AUTO, deflate.RAW, deflate.ZLIB, deflate.GZIP):
        print(read(data, format), end=" ")
    print()
for data in (ZSTORED, GZALL, FIXED):
    print([read(data[:n], deflate.RAW if data is FIXED else deflate.AUTO)[0] for n in range(len(data))])
for flip in range(8):
    for data in (ZSTORED, GZ):
        bad = bytearray(data)
        bad[flip if flip < 4 else -flip] ^= 0x55
        print(read(bad), end=" ")
    print()
print(read(hx("07"), deflate.RAW), read(hx("06"), deflate.RAW), read(hx("05"), deflate.RAW), read(hx("01050000ff68656c6c6f"), deflate.RAW), read(hx("0300"), deflate.RAW), read(hx("030000"), deflate.RAW))
REPEAT = hx("4b4c1c05a360148c82a10e00")  # 300 times "a"
for bits in (0, 5, 8, 10, 15):
    r = read(REPEAT, deflate.RAW, bits)
    print(bits, len(r), r[:3])
FAR = None
s = io.BytesIO(GZ + b"tail")
d = deflate.DeflateIO(s)
print(d.read(0), d.read(1), d.read(2), d.read(100), d.read(1), d.read(), s.read())
d = deflate.DeflateIO(io.BytesIO(ZSTORED))
b = bytearray(3)
print(d.readinto(b), b, d.readinto(b), b, d.readinto(b))
d = deflate.DeflateIO(io.BytesIO(STORED[:7]), deflate.RAW)
try:
    print(d.read(1), d.read(1), d.read(1))
except Exception as e:
    print(type(e).__name__, e.args)
for f in (lambda: deflate.DeflateIO(), lambda: deflate.DeflateIO(io.BytesIO(), -1), lambda: deflate.DeflateIO(io.BytesIO(), 4), lambda: deflate.DeflateIO(io.BytesIO(), deflate.RAW, 4), lambda: deflate.DeflateIO(io.BytesIO(), deflate.RAW, 16), lambda: deflate.DeflateIO(io.BytesIO(), deflate.RAW, -1),
          lambda: deflate.DeflateIO(5).read(), lambda: deflate.DeflateIO("x").read(), lambda: deflate.DeflateIO(io.BytesIO(), "a"), lambda: deflate.DeflateIO(io.BytesIO(), format=1), lambda: deflate.DeflateIO(io.BytesIO(), 1, 8, False, 5),
          lambda: hasattr(deflate.DeflateIO(io.BytesIO()), "seek"), lambda: (deflate.AUTO, deflate.RAW, deflate.ZLIB, deflate.GZIP), lambda: deflate.DeflateIO.read(5), lambda: deflate.DeflateIO(io.StringIO("x")).read()):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e.args)
d = deflate.DeflateIO(io.BytesIO(GZ))
print(d.close(), d.close())
for f in (d.read, lambda: d.read(1), lambda: d.readinto(bytearray(1)), d.readline, lambda: d.__enter__() is d):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e.args)
class Slow(io.IOBase):
    def __init__(self, data):
        self.data, self.at = data, 0
    def readinto(self, b):
        n = min(len(b), 1, len(self.data) - self.at)
        b[:n] = self.data[self.at : self.at + n]
        self.at += n
        return n
print(deflate.DeflateIO(Slow(GZ)).read(), [l for l in (deflate.DeflateIO(Slow(ZSTORED)).readline(),)])
class Fails(io.IOBase):
    def readinto(self, b):
        raise OSError(5)
try:
    deflate.DeflateIO(Fails()).read()
except OSError as e:
    print(e.args)

import uzlib, uio

Z = b"\x18\x19\xcbH\xcd\xc9\xc9W(\xcf/\xcaI\x01\x00\x1a\x0b\x04]"
# The same by gzip.
G = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" + Z[2:-4] + b"\x85\x11J\r\x0b\x00\x00\x00"


def attempt(f, *args):
    try:
        print(f(*args))
    except (ValueError, OSError, EOFError, MemoryError) as e:
        print(repr(e))


print(uzlib.decompress(Z), uzlib.decompress(Z[2:-4], -15))
attempt(uzlib.decompress, b"zz")
attempt(uzlib.decompress, Z[:-1] + b"x")
attempt(uzlib.decompress, Z[:9])
d = uzlib.DecompIO(uio.BytesIO(Z))
print(d.read(5), d.readline(), d.read())
part = bytearray(4)
d = uzlib.DecompIO(uio.BytesIO(G), 16 + 10)
print(d.readinto(part), part, d.read())
print(uzlib.DecompIO(uio.BytesIO(Z[2:]), -8).read())
attempt(uzlib.DecompIO, uio.BytesIO(Z), 31)
attempt(uzlib.DecompIO, uio.BytesIO(G))
attempt(uzlib.DecompIO, uio.BytesIO(b""))
attempt(uzlib.DecompIO, uio.BytesIO(Z), -1000)
attempt(uzlib.DecompIO(uio.BytesIO(Z[:9])).read)
attempt(uzlib.DecompIO(uio.BytesIO(Z[:-1] + b"x")).read)
print(sorted(n for n in dir(uzlib.DecompIO) if n[0] != "_"))

import uctypes
data = bytearray(range(16))
at = uctypes.addressof(data)
desc = {
    "a": uctypes.UINT8 | 0,
    "b": uctypes.INT16 | 1,
    "c": uctypes.UINT32 | 4,
    "low": uctypes.BFUINT8 | 8 | 0 << uctypes.BF_POS | 4 << uctypes.BF_LEN,
    "high": uctypes.BFUINT8 | 8 | 4 << uctypes.BF_POS | 4 << uctypes.BF_LEN,
    "sub": (9, {"x": uctypes.UINT8 | 0, "y": uctypes.UINT8 | 1}),
    "words": (uctypes.ARRAY | 12, uctypes.UINT16 | 2),
    "pairs": (uctypes.ARRAY | 12, 2, {"l": uctypes.UINT8 | 0, "h": uctypes.UINT8 | 1}),
}
for layout in (uctypes.LITTLE_ENDIAN, uctypes.BIG_ENDIAN):
    s = uctypes.struct(at, desc, layout)
    print(s.a, s.b, s.c, s.low, s.high, s.sub.x, s.sub.y, s.words[0], s.words[1], s.pairs[1].h, uctypes.sizeof(s))
    s.b = -2
    s.c = 0x01020304
    s.high = 9
    s.low = 0xff
    s.words[1] = 0x1234
    s.sub.y = 77
    print(bytes(data), uctypes.sizeof(desc, layout))
print(uctypes.bytes_at(at + 4, 4), uctypes.addressof(data) == at)
view = uctypes.bytearray_at(at, 16)
view[0] = 200
print(data[0], uctypes.sizeof({"f": uctypes.FLOAT32 | 0, "d": uctypes.FLOAT64 | 8}), len(bytes(s)))
f = uctypes.struct(at, {"f": uctypes.FLOAT32 | 0, "q": uctypes.INT64 | 0}, uctypes.LITTLE_ENDIAN)
f.f = 1.5
print(f.f)
f.q = -5
print(f.q)
for bad in (lambda: s.nope, lambda: s.words[2], lambda: s[0], lambda: uctypes.sizeof(3), lambda: uctypes.sizeof({"a": []}), lambda: hash(s), lambda: uctypes.addressof(3), lambda: setattr(s, "words", 1)):
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__)

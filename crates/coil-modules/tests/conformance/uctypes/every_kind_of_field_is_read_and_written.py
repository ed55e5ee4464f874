# uctypes: each scalar in both orders, bit fields, arrays, nested structures, pointers, sizes, refusals.
import uctypes as u
b = bytearray(range(1, 65))
at = u.addressof(b)
def hexed():
    return " ".join("%02x" % x for x in b[:16])
NAMES = ("UINT8", "INT8", "UINT16", "INT16", "UINT32", "INT32", "UINT64", "INT64", "FLOAT32", "FLOAT64")
for layout in (u.LITTLE_ENDIAN, u.BIG_ENDIAN, u.NATIVE):
    for n in NAMES:
        b[:] = bytes([0x81, 0x92, 0xa3, 0x34, 0x45, 0x56, 0x67, 0x78] * 8)
        s = u.struct(at, {"v": getattr(u, n) | 3, "first": getattr(u, n) | 0}, layout)
        old = s.v, s.first
        out = []
        for v in (0, 1, -1, 255, 256, 2**31, -2**31, 2**63, 2**70, 1.5, "a", None):
            try:
                s.v = v
                out.append(s.v)
            except Exception as e:
                out.append(type(e).__name__)
        print(layout, n, old, out, u.sizeof(s), b[:3] == b"\x81\x92\xa3")
BITS = ("BFUINT8", "BFINT8", "BFUINT16", "BFINT16", "BFUINT32", "BFINT32")
for layout in (u.LITTLE_ENDIAN, u.BIG_ENDIAN):
    for n in BITS:
        b[:] = bytes(64)
        desc = {"f%d_%d" % (p, l): getattr(u, n) | 2 | p << u.BF_POS | l << u.BF_LEN for p, l in ((0, 1), (1, 3), (4, 4), (7, 1))}
        s = u.struct(at, desc, layout)
        for k in sorted(desc):
            for v in (1, -1, 5, 1000):
                setattr(s, k, v)
            print(n, layout, k, getattr(s, k), hexed()[:20], end=" | ")
        print(u.sizeof(s))
S = {
    "one": u.UINT8 | 0,
    "arr": (u.ARRAY | 4, u.UINT8 | 4),
    "words": (u.ARRAY | 8, u.INT16 | 3),
    "sub": (16, {"x": u.UINT16 | 0, "deep": (2, {"y": u.UINT8 | 1})}),
    "subs": (u.ARRAY | 20, 3, {"p": u.UINT8 | 0, "q": u.UINT16 | 1}),
    "ptr": (u.PTR | 32, u.UINT8),
    "sptr": (u.PTR | 32, {"a": u.UINT8 | 0, "b": u.UINT8 | 1}),
}
b[:] = bytes(range(64))
s = u.struct(at, S, u.LITTLE_ENDIAN)
print(s.one, s.arr[0], s.arr[3], bytes(s.arr), s.words[2], s.sub.x, s.sub.deep.y, s.subs[2].p, s.subs[1].q)
s.arr[1] = 200
s.words[0] = -3
s.sub.deep.y = 9
s.subs[0].q = 0x1234
s.one = 7
print(b[:26])
for t in ("s.none", "s.arr[4]", "s.arr[-1]", "s.arr['a']", "s.arr[0:2]", "s.words[3]", "s.subs[3]", "len(s.arr)", "list(s.arr)", "s[0]", "s()", "s + s", "u.sizeof(s)", "u.sizeof(S)", "u.sizeof(S, u.LITTLE_ENDIAN)", "u.sizeof(s.arr)", "u.sizeof(s.sub)", "u.sizeof(s.subs)", "u.sizeof(s.one)", "u.sizeof(5)", "u.sizeof({})", "u.sizeof({'a': 5})", "u.sizeof({'a': (1, 2, 3, 4)})", "u.sizeof({'a': (u.ARRAY | 0, 5, 5)})", "u.sizeof((1, 2))", "u.sizeof(S, 9)", "u.struct()", "u.struct(at)", "u.struct(at, 5).x", "u.struct(at, {'a': 'x'}).a", "u.struct(at, {'a': []}).a", "u.struct(at, {'a': u.UINT8}).b", "u.addressof(b) == at", "u.addressof(5)", "u.addressof(s) == at", "u.addressof(s.sub) - at", "u.addressof(s.arr) - at", "u.bytes_at(at, 3)", "u.bytearray_at(at, 3)", "u.bytes_at()", "u.bytes_at(at)", "bytes(s)[:4]", "bytes(s.sub)", "bytes(s.words)", "hash(s)", "s == s", "type(s).__name__", "str(s)[:9]", "[getattr(u, n) >> 24 for n in ('LITTLE_ENDIAN', 'BIG_ENDIAN', 'NATIVE')]", "u.VOID, u.PTR != u.ARRAY, u.BF_POS, u.BF_LEN"):
    try:
        print(t, "->", eval(t))
    except Exception as e:
        print(t, "|", type(e).__name__, e)
for t in ("s.arr = 5", "s.sub = 5", "s.none = 5", "s.arr[9] = 1", "s.arr['a'] = 1", "del s.one", "del s.arr[0]", "s.one = None", "s.subs[0] = 1", "s.sub.x = 'a'", "s[0] = 1"):
    try:
        exec(t)
        print(t, "done")
    except Exception as e:
        print(t, "|", type(e).__name__, e)

import struct
print([struct.calcsize(f) for f in ("<b", "<BhHiIlLqQ", "<5s3x", ">d", "", "<2H3B", "bh", "bi", "@bq", "3s", "!H", "<e")])
print(struct.pack("<bBhH", -1, 255, -2, 65535), struct.pack(">iIqQ", -1, 4294967295, -1, 18446744073709551615))
print(struct.pack("<5s", b"abc"), struct.pack("<2s", "abc"), struct.pack("<3xB", 1), struct.pack("<BB", 1), struct.pack("<B", 1, 2))
print(struct.pack("<fd", 1.5, -2.25), struct.pack(">e", 0.5), struct.unpack("<e", b"\x00\x3c"))
print(struct.unpack("<bBhH", b"\xff\xff\xfe\xff\xff\xff"), struct.unpack(">iI", b"\xff" * 8), struct.unpack("<qQ", b"\xff" * 16))
print(struct.unpack("<2s2xB", b"abcde"), struct.unpack_from("<H", b"abcdef", 2), struct.unpack_from("<H", b"abcdef", -2), struct.unpack("<fd", struct.pack("<fd", 1.5, -2.25)))
b = bytearray(8)
struct.pack_into("<HB", b, 1, 258, 3)
struct.pack_into(">H", b, -2, 258)
print(b, struct.pack("<B", 300), struct.pack("<b", 1 << 70))
for bad in (lambda: struct.pack("<z", 1), lambda: struct.unpack("<H", b"a"), lambda: struct.unpack_from("<H", b"abc", 2), lambda: struct.unpack_from("<H", b"abc", -9),
            lambda: struct.pack_into("<H", b, 7, 1), lambda: struct.pack_into("<H", b"abc", 0, 1), lambda: struct.pack("<H", "a"), lambda: struct.pack("<s", 1), lambda: struct.calcsize(1), lambda: struct.calcsize("5")):
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__)

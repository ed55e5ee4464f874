import binascii
print(binascii.hexlify(b"\x00\xffab"), binascii.hexlify("ab"), binascii.hexlify(b"abc", ":"), binascii.hexlify(b""), binascii.hexlify(bytearray(b"x"), "-"))
print(binascii.unhexlify("00ff6162"), binascii.unhexlify(b"AbCd"), binascii.unhexlify(""))
for n in range(7):
    e = binascii.b2a_base64(b"\xfb\xff\xbf\x00ab"[:n])
    print(e, binascii.a2b_base64(e) == b"\xfb\xff\xbf\x00ab"[:n])
print(binascii.b2a_base64(b"abc", newline=False), binascii.a2b_base64(" Y W J j\n"), binascii.a2b_base64("YQ==YQ"))
print(binascii.crc32(b""), binascii.crc32(b"The quick brown fox"), binascii.crc32(b"b", binascii.crc32(b"a")) == binascii.crc32(b"ab"))
for bad in (lambda: binascii.unhexlify("0"), lambda: binascii.unhexlify("0g"), lambda: binascii.a2b_base64("YQ"), lambda: binascii.a2b_base64("Y"), lambda: binascii.a2b_base64("YQ="),
            lambda: binascii.hexlify(1), lambda: binascii.crc32(None), lambda: binascii.b2a_base64()):
    try:
        bad()
    except Exception as e:
        print(type(e).__name__, e)

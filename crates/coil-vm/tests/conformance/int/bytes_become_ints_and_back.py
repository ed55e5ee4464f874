# int.from_bytes and to_bytes: order, sign, length, defaults, errors.
TEXT = r'''
int.from_bytes(b"\x01\x02", "big"), int.from_bytes(b"\x01\x02", "little"), int.from_bytes(b"\x01\x02"), int.from_bytes(b"", "little"), int.from_bytes(b"\xff", "big")
int.from_bytes(b"\xff\xfe", "big", signed=True), int.from_bytes(b"\xff" * 10, "little"), int.from_bytes(b"\x80" + bytes(9), "big"), int.from_bytes(b"\x80" + bytes(9), "little")
int.from_bytes(bytearray(b"\x00\x10"), "big"), int.from_bytes(memoryview(b"\x00\x10"), "big"), int.from_bytes([1, 2], "big"), int.from_bytes((255, 255), "little")
int.from_bytes("ab", "big")
int.from_bytes(5, "big")
int.from_bytes(b"a", "middle")
int.from_bytes(b"a", 5)
int.from_bytes()
(1).from_bytes(b"\x05", "big")
(5).to_bytes(2, "big"), (5).to_bytes(2, "little"), (5).to_bytes(2), (5).to_bytes(), (0).to_bytes(0, "big"), (0).to_bytes(3, "big"), (255).to_bytes(1, "big")
(256).to_bytes(1, "big")
(1).to_bytes(0, "big")
(-1).to_bytes(2, "big")
(-1).to_bytes(2, "big", signed=True), (-2).to_bytes(3, "little", signed=True), (-128).to_bytes(1, "big", signed=True), (127).to_bytes(1, "big", signed=True)
(128).to_bytes(1, "big", signed=True)
(-129).to_bytes(1, "big", signed=True)
(2**64).to_bytes(9, "big"), (2**64).to_bytes(9, "little"), (2**64 - 1).to_bytes(8, "little"), (-2**64).to_bytes(9, "big", signed=True), (2**63).to_bytes(8, "big")
(2**64).to_bytes(8, "big")
(-2**64).to_bytes(12, "big")
(2**63).to_bytes(8, "big", signed=True)
(1).to_bytes(-1, "big")
(1).to_bytes("a", "big")
(1).to_bytes(1, "middle")
(1).to_bytes(1, 5)
(1.5).to_bytes(1, "big")
True.to_bytes(2, "big")
(5).to_bytes(length=3)
(5).to_bytes(3, byteorder="little")
(10).bit_length(), (0).bit_length(), (-10).bit_length(), (2**70).bit_length()
[int.from_bytes(n.to_bytes(12, o), o) == n for n in (0, 1, 2**31, 2**63, 10**20) for o in ("big", "little")]
'''
for e in TEXT.strip().split("\n"):
    try:
        print(e, "->", eval(e))
    except Exception as x:
        print(e, "|", type(x).__name__, x)

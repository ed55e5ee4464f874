# float: f32
# Single precision: struct, array, json and math's exact functions.
import struct, json, math
from array import array
TEXT = r'''
struct.pack("<f", 0.1), struct.pack("<d", 0.1), struct.pack("<d", 1e38), struct.pack("<f", 1e39), struct.pack("<d", 1e39), struct.pack("<e", 0.1), struct.unpack("<d", b"\x9a\x99\x99\x99\x99\x99\xb9?"), struct.unpack("<d", b"\xff" * 6 + b"\xef\x7f"), struct.unpack("<f", b"\xcd\xcc\xcc=")
struct.unpack("<f", b"\x01\x00\x00\x00")[0] > 0, struct.unpack("<d", b"\x01" + bytes(7)), struct.unpack("<e", b"\x01\x00")
array("f", [0.1, 1e39, 1]), array("d", [0.1, 2]), list(array("d", [1 / 3])), bytes(array("d", [0.5])), array("f", [0.1])[0] == 0.1, array("d", [0.1])[0] == 0.1
json.loads("0.1"), json.loads("1e39"), json.loads("16777217.0"), json.dumps(0.1), json.dumps([1 / 3, 1e10, 2.5]), json.loads("123456789.123")
math.floor(1e10), math.ceil(2.1), math.trunc(-1e9), math.sqrt(2) == 2 ** 0.5, math.sqrt(16), math.fmod(7.5, 2), math.copysign(1, -0.0), math.frexp(0.1), math.ldexp(0.5, 10), math.modf(3.7), math.isclose(0.1 + 0.2, 0.3), math.pi, math.e, math.inf, math.nan, math.fabs(-0.1), math.degrees(1) > 57, math.isinf(1e39)
math.sqrt(-1)
math.floor(float("inf"))
math.log(0)
'''
for e in TEXT.strip().split("\n"):
    try:
        print(e, "->", eval(e))
    except Exception as x:
        print(e, "|", type(x).__name__, x)

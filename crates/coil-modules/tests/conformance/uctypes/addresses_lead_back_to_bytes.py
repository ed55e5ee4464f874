import struct
import uctypes
from array import array

b = bytearray(b"0123456789")
at = uctypes.addressof(b)
part = uctypes.bytearray_at(at + 2, 4)
print(type(part), len(part), part, part[1], part[1:3])
part[0] = 65
part[2:4] = b"xy"
print(b, bytes(part), part == b"A3xy", b"x" in part, list(part))
print(uctypes.bytes_at(at, 5), uctypes.addressof(part) - at)
print(uctypes.addressof(memoryview(b)[3:]) - at)
m = memoryview(part)
m[1] = 66
print(bytes(m[1:3]), b)
print([uctypes.addressof(uctypes.bytearray_at(i, 3)) for i in (1, 16, 0x7FFFFFFF)])
print(len(uctypes.bytearray_at(0, 100000)))
text = uctypes.addressof("text")
print(uctypes.bytes_at(text, 4))


class Thing:
    pass


thing = Thing()
items = (thing, 5, None, "name", [1], print)
packed = struct.pack("<6O", *items)
print([x is y for x, y in zip(struct.unpack("<6O", packed), items)])
objects = array("O", items)
objects[1] = thing
objects.append(True)
print(len(objects), objects[0] is objects[1], objects[3], objects[6])
pointers = array("P", [1, 2])
print(pointers[1], pointers)
try:
    struct.pack("<I", thing)
except TypeError as e:
    print(e)
S = uctypes.struct(at, {"p": (uctypes.PTR | 0, uctypes.UINT8), "n": uctypes.UINT16 | 4})
S.n = 0x4142
print(b[4:6], S.n)
try:
    uctypes.struct("x", {})
except TypeError as e:
    print("TypeError")

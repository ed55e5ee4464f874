from esp32 import NVS


def tries(call, *args):
    try:
        print(call(*args))
    except (OSError, TypeError) as e:
        print(repr(e))


a, b = NVS("first"), NVS("second")
print(a)
for n in (0, 1, -1, 2147483647, -2147483647):
    a.set_i32("number", n)
    print(a.get_i32("number"))
tries(b.get_i32, "number")
b.set_i32("number", 7)
print(a.get_i32("number"), NVS("second").get_i32("number"))
buf = bytearray(8)
a.set_blob("blob", b"eight by")
print(a.get_blob("blob", buf), buf)
a.set_blob("blob", "four")
print(a.get_blob("blob", buf), buf)
a.set_blob("blob", b"")
print(a.get_blob("blob", buf), buf)
tries(a.get_i32, "blob")
tries(a.get_blob, "number", buf)
a.set_blob("large", bytes(range(256)) * 20)
tries(a.get_blob, "large", buf)
big = bytearray(6000)
print(a.get_blob("large", big), big[5000:5004], big[5119:5121])
a.set_i32("blob", 5)
print(a.get_i32("blob"))
tries(a.get_blob, "blob", buf)
a.erase_key("blob")
tries(a.erase_key, "blob")
tries(a.set_i32, "a key that is too long", 1)
tries(NVS, "a namespace too long")
tries(a.set_i32, "number", "text")
# The same place is written again and again: pages fill up and are reclaimed.
for i in range(1500):
    a.set_i32("count", i)
    if i % 100 == 0:
        a.set_blob("large", bytes([i // 100]) * 3000)
print(a.get_i32("count"), a.get_blob("large", big), big[0], big[2999], b.get_i32("number"))
n = 0
try:
    while True:
        b.set_blob("fill%d" % n, bytes(900))
        n += 1
except OSError as e:
    print(repr(e), n > 10)
print(a.get_i32("count"), a.get_blob("large", big), b.get_i32("number"), b.get_blob("fill3", big))
tries(a.commit)

# array: construction from everything, wrapping, methods, comparisons, slices, errors.
from array import array
TAKEN = array("h", [1, 2, 3, 4])
TEXT = r'''
array("b"), array("B", b"ab"), array("h", b"abcd"), array("i", [1, -1]), array("Q", [2**64 - 1]), array("q", [-2**63]), array("f", [1.5]), array("d", [0.1]), array("B", (1, 2)), array("B", range(3)), array("B", "".join([])) if False else 0
array("h", b"abc"), array("h", bytearray(4)), array("B", memoryview(b"xy")), array("h", array("b", [1, -1])), array("b", array("h", [300, -1]))
array("B", [255, 0])
array("z", [1])
array("", [1])
array(1, [1])
array("bb")
array()
array("b", 5)
array("b", ["a"])
array("b", [None])
array("b", "abc")
array("i", [1.5])
array("f", ["a"])
array("f", [1, True, 2.5])
array("b", [1], 2)
TAKEN[0], TAKEN[-1], TAKEN[1:3], TAKEN[:0], TAKEN[::1], len(TAKEN), list(TAKEN), bool(array("b")), bool(TAKEN)
TAKEN[::2]
TAKEN[::-1]
TAKEN[4]
TAKEN[-5]
TAKEN["a"]
TAKEN[1.0]
TAKEN + array("h", [9]), TAKEN + array("h")
TAKEN + array("b", [1])
TAKEN + [1]
TAKEN + b"ab"
TAKEN * 2
2 * TAKEN
array("b", [1]) == array("b", [1]), array("b", [1]) == array("h", [1]), array("b", [97]) == b"a", array("b", [1]) != array("b", [2]), array("b", [1]) == [1], array("b") == array("h")
array("b", [1]) < array("b", [2])
array("b", [1]) < [2]
1 in array("b", [1, 2]), 5 in array("b", [1, 2])
"a" in array("b", [1])
bytes(TAKEN), bytearray(TAKEN), bytes(array("f", [1.0])), list(array("f", [0.5, 2])), tuple(array("B", b"ab"))
sum(TAKEN), max(TAKEN), min(TAKEN), sorted(array("b", [3, 1]))
repr(TAKEN), str(array("b")), array("f", [0.5]), array("B", [65])
hash(array("b"))
array("b") is array("b")
TAKEN.x
TAKEN.typecode
TAKEN.append()
TAKEN.append("a")
TAKEN.extend([1])
TAKEN.extend(5)
TAKEN.extend("ab")
TAKEN.index(1)
TAKEN.decode()
-TAKEN
for a in (array("b", [1, 2]), array("H", [1, 2]), array("d", [1, 2])):
    a.append(3)
    a.extend(array("b", [4, 5]))
    print(a, end=" ")
    try:
        a.extend(b"\x06\x07")
        print(a, end=" ")
    except Exception as e:
        print(type(e).__name__, e, end=" ")
    a[0] = 9
    a += a
    print(a)
for code, values in (("b", (127, 128, -129, 256, 1000)), ("B", (255, 256, -1)), ("h", (32767, 32768, -32769)), ("H", (65536, -1)), ("i", (2**31 - 1,)), ("I", (2**32 - 1,)), ("q", (2**63 - 1, -2**63)), ("Q", (2**63, 2**64 - 1))):
    for v in values:
        a = array(code, [0])
        try:
            a[0] = v
            print(code, v, a[0])
        except Exception as e:
            print(code, v, type(e).__name__, e)
for s in ("a[1:3] = array('h', [7])", "a[1:3] = array('h', [7, 8, 9])", "a[1:1] = a", "a[1:3] = array('b', [7])", "a[1:3] = b'ab'", "a[1:3] = [7]", "a[::2] = array('h', [1, 2])", "a[:] = array('h')", "del a[0]", "del a[1:2]", "a['x'] = 1", "a[9] = 1"):
    a = array("h", [1, 2, 3, 4])
    try:
        exec(s)
        print(s, a)
    except Exception as e:
        print(s, type(e).__name__, e)
'''
for e in TEXT.strip().split("\n"):
    try:
        print(e, "->", eval(e))
    except Exception as x:
        print(e, "|", type(x).__name__, x)

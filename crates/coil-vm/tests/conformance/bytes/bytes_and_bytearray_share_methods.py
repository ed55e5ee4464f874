# bytes and bytearray: construction, methods, comparison, assignment.
print(bytes(3), bytes([1, 2, 255]), bytes('\xe9', 'utf-8'), bytes(bytearray(b'x')), bytes(range(4)))
print(bytearray(2), bytearray(b'ab'), bytearray([65, 66]), bytearray('a', 'utf-8'))
b = b'one two'
print(b[0], b[-1], b[1:3], b.split(), b.find(b'two'), b.find(116), b.upper(), b.replace(b'o', b'0'), b.hex(), b.hex(':'))
print(bytes.fromhex('00 ff 7F'), b'a' + b'b', b'a' + bytearray(b'b'), bytearray(b'a') + b'b', b'ab' * 2, 97 in b'ab', b'a' in b'ab')
print(b == bytearray(b), bytearray(b) == b, b < b'z', bytearray(b'a') < b'b', hash(b'a') == hash(b'a'))
a = bytearray(b'abcdef')
a[0] = 90
a[1:3] = b'12345'
a += b'xyz'
a.append(33)
a.extend([1, 2])
print(a, len(a), a[2:4], a.decode(), b'45' in a)
a[3:] = b''
print(a, repr(b'\x00\n\'"\x7f\x80'), str(b'q'))
def fails(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
fails(lambda: bytes([256]))
fails(lambda: bytes(-1))
fails(lambda: bytes('a'))
fails(lambda: b'a'[3])
fails(lambda: b'a' + 'b')
fails(lambda: b'a'.find('a'))
fails(lambda: b'a'.find(300))
fails(lambda: bytes.fromhex('1'))
fails(lambda: bytearray(b'a')[5])
fails(lambda: b'abc'[::2])
fails(lambda: bytes(1, 2))

# Text beyond ASCII: lengths, indices, slices, repr, encoding.
s = 'h\xe9llo \u4f60\u597d \U0001f600!'
print(len(s), s[1], s[6], s[-2], s[1:7], s[:-1], s[20:], s[5:2] == '', [c for c in s])
print(repr(s), repr('\x00\x1f\x7f\x80\t\n\r\\'), repr("it's"), repr('"'), repr('\'"'))
print(s.find('\u597d'), s.count('l'), s.upper(), s.split(' '), s.encode())
print(b'\xc3\xa9'.decode(), str(b'\xe4\xbd\xa0', 'utf-8'), '\u4f60' in s, s == s[:], s < 'z')
for bad in (b'\xff', b'\xc3', b'a\x80', b'\xe4\xbd'):
    try:
        print(bad.decode())
    except UnicodeError:
        print('UnicodeError')
print(ord('\u4f60'), chr(0x1f600), [s.encode()[i] for i in (0, 1, 2)])

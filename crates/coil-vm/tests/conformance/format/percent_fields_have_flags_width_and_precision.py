# Percent formatting: conversions, flags, width and precision, tuples and dicts.
for v in (0, 7, -42, 123456, 1 << 70, True):
    for f in ('%d', '%5d|', '%-8d|', '%08d|', '%+d', '% d', '%x', '%X', '%#x', '%#o', '%.5d', '%9.4d|'):
        print(f, f % v)
for v in (0.0, 1.5, -2.25, 1e10, 1e-7):
    for f in ('%f', '%.2f', '%10.3f|', '%-10.1f|', '%e', '%g', '%+.1e', '%010.2f|', '%d'):
        print(f, f % v)
print('%s and %r' % ('x', 'x'), '%5s|%-5s|%.2s' % ('ab', 'ab', 'abc'), '%c%c' % (65, 'b'))
print('%(a)s-%(b)03d' % {'a': 'k', 'b': 5}, '100%%', '%*d|%-*d|%.*f' % (5, 1, 5, 2, 2, 3.14159))
def fails(f, v):
    try:
        print(f % v)
    except Exception as e:
        print(type(e).__name__, e)
fails('%d', 'a')
fails('%d %d', 1)
fails('%d', (1, 2))
fails('%', 1)
fails('%5', 1)
fails('%(a)s', 1)
fails('%(a', {'a': 1})
fails('%(a)s', {})
fails('%c', 'ab')
fails('%c', 1.5)
fails('%q', 1)
print(b'%s %d' % (b'x', 3))

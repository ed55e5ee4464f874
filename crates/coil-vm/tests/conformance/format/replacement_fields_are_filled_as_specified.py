# str.format: positions, names, conversions, specifications, errors.
print('{} {}'.format(1, 'a'), '{1}{0}'.format('a', 'b'), '{a}{b}'.format(a=1, b=2), '{{}}'.format())
print('{!r} {!s} {!r:>6}|'.format('q', 'q', 'q'), '{:{}}|'.format('x', 4), '{:{w}.{p}f}|'.format(3.14159, w=9, p=3))
for v in (0, 5, -1234567, 1 << 66, True):
    for s in ('', 'd', '5', '<9', '>9', '^9', '=9', '*^9', '+', ' ', '09', ',', '_', '012,', 'b', 'o', 'x', 'X', '#b', '#o', '#x', 'e', '.2f', '%', 'g'):
        print(s, ('{:' + s + '}|').format(v))
for v in (0.0, 2.5, -1234.5678, 1e100, float('inf'), float('nan')):
    for s in ('', '10', '.3', '<12.2f', '+.1e', 'g', '010.1f', '=+10.1f', '%', '.1%', 'n'):
        print(s, ('{:' + s + '}|').format(v))
for v in ('', 'abc', 'h\xe9'):
    for s in ('', '6', '<6', '>6', '^6', '.2', 's', '*<6.1s'):
        print(s, ('{:' + s + '}|').format(v))
def fails(f, *a, **k):
    try:
        print(f.format(*a, **k))
    except Exception as e:
        print(type(e).__name__, e)
fails('{')
fails('}')
fails('{}')
fails('{a}')
fails('{0}{}', 1, 2)
fails('{}{0}', 1, 2)
fails('{:d}', 'a')
fails('{:s}', 1)
fails('{:=5}', 'a')
fails('{:+s}', 'a')
fails('{:+c}', 65)
fails('{:zz}', 1)
fails('{0.x}', 1)
fails('{:5}', [1])
fails('{:x}', 1.5)
x = 3.14159
print(f'{x:.2f} {x!r:>10} {"a" * 2:^6}| {{}} {x:{7}.{2}}|')

x, (y, *z) = a.b[1], [i for j in k if j for i in j]
x += {1: 2, **{3: 4}} if y else {4}
print(f'{x!r:>{y}} {z=}' 'c', r'\d', b'\x00\xff', 0x1F, 1_0.5e-3j, sep='', *d, **e)

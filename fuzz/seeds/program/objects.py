import sys, io, json, re, struct, collections, array
a = [3, 1, 2]; a.sort(key=lambda v: -v); print(a, sorted(a), a[::-1], a * 2)
b = {'k': 1, 2: [3]}; b.update(z=4); print(b, b.pop('k', None), list(b.items()))
c = 'x,y'.split(','); print('-'.join(c), 'é'.encode(), '%5.2f|%s' % (1.5, c), '{:>8}'.format(3))
print(json.loads('[1, {"a": null}]'), re.sub('(a+)', '<\\1>', 'baac'), struct.pack('<hI', -1, 7))

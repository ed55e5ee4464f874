# What t-strings hold: strings, interpolations, conversions and formats.
name, n, width = 'Ada', 7, 10


def show(t):
    print(t.strings, [(i.value, i.expression, i.conversion, i.format_spec) for i in t.interpolations])


show(t'')
show(t'plain')
show(t"Hello {name}!")
show(t'{n}{name}')
show(t'{ n }|{n   }|{   n}')
show(t'{n!r}{n!s}{n!r:>5}')
show(t'{n=}{n =}{ n=}{n=!s}{n=:03d}{n + 1=}')
show(t'{n:}{n:5}{n:>{width}}{n:{width}.{n}}{n:{{}}}')
show(t'{{{n}}} {{}} }}{{')
show(t'{n!=3}{n==7}{n if n else name}{n,}{(n, name)[1]}')
show(t'{[x * 2 for x in (1, 2)]}{ {1: "a"}[1] }')
show(t"{'single'}{"double"}{name + 'x'[:0]}")
show(t"tab\tquote\"back\\hex\x41octal\101\u03b1\q")
show(rt"raw\n{n}\{n}\x41")
show(tr'{n:\t}')
show(t'{n:\t\'}')
show(t"""many
lines {n:
} and "quotes" {name}""")
show(t'''{name}
{n}''')
show(t'a\
b')
show(t'trailer'[0:0] if False else t'x')
print(t'{name}'.strings, t'{name}'.values)
print([t'{i}'.values for i in range(3)])


def local(a, *rest, key=2):
    inner = lambda: t'{a}{rest}{key}{name}'
    return inner()


show(local(1, 2, 3))


def spoken():
    yield t'{(yield 1)}'


g = spoken()
print(next(g))
print(g.send('sent').values)

many = t'{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}{n}'
print(len(many.strings), len(many.values), sum(many.values))
order = []


def note(x):
    order.append(x)
    return x


t'{note(1)}{note(2):{note(3)}}{note(4)}'
print(order)

# Template and Interpolation as types.
import string
from string.templatelib import Template, Interpolation
import string.templatelib as lib

print(string, lib, lib is string.templatelib, Template, Interpolation)


def attempt(f):
    try:
        print(f())
    except Exception as e:
        print(repr(e))


i, j = Interpolation(1, 'a'), Interpolation('two', 'b', 'r', '>{w}')
for f in (
    lambda: i, lambda: j, lambda: str(j), lambda: (i.value, i.expression, i.conversion, i.format_spec),
    lambda: Interpolation(format_spec=4, conversion=3, expression=2, value=1), lambda: Interpolation(1, conversion='s'),
    lambda: Interpolation(), lambda: Interpolation(1, 2, 3, 4, 5), lambda: Interpolation(1, other=2), lambda: Interpolation(1, value=2),
    lambda: i.other, lambda: setattr(i, 'value', 2), lambda: delattr(i, 'value'), lambda: i == Interpolation(1, 'a'), lambda: i == i,
    lambda: Template(), lambda: Template('a'), lambda: Template('a', 'b', ''), lambda: Template(i), lambda: Template(i, j), lambda: Template('a', i, 'b', 'c', j),
    lambda: Template('', i, ''), lambda: Template(i, 'a', 'b', 'c'), lambda: Template(1), lambda: Template(b'a'), lambda: Template('a', None), lambda: Template(a=1),
    lambda: Template('x', i, j).values, lambda: Template().values, lambda: setattr(Template(), 'strings', ()), lambda: Template().other,
    lambda: list(Template()), lambda: list(Template('a')), lambda: list(Template(i, j)), lambda: list(Template('a', i, '', j, 'c')),
    lambda: [type(p) for p in t'{i}x{j}'], lambda: type(iter(Template())), lambda: next(iter(Template())),
    lambda: Template('a') + Template('b'), lambda: Template('a', i) + Template(j, 'b'), lambda: Template() + t'{j.value!r:5}', lambda: Template('a', i, 'b') + Template('c', j, 'd'),
    lambda: Template('a') + 'b', lambda: 'a' + Template('b'), lambda: Template() * 2, lambda: -Template(), lambda: len(Template()), lambda: Template('a')[0],
    lambda: 'a' in Template('a'), lambda: bool(Template()), lambda: Template() == Template(), lambda: Template() < Template(), lambda: {Template(): 1} != {},
    lambda: __template__(('a', 'b'), 1, 'x', None, ''), lambda: __template__(('a', 'b'), (1, 'x', None, '')), lambda: __template__(('a', 'b'), [1, 'x', None, '']),
    lambda: __template__(), lambda: __template__((), 5), lambda: __template__(('a',)), lambda: __template__(('a',), 1, 2, 3), lambda: __template__,
    lambda: list(__template__(('a', 'b', 'c'), 1, 'x', None, '', 2, 'y', 's', '5')),
):
    attempt(f)


class Mine(Template):
    def render(self):
        return ''.join(p if isinstance(p, str) else str(p.value) for p in self)


m = Mine('a', i, 'b')
print(m.render(), m.strings, m.values, isinstance(m, Template))
total = Template()
for n in range(5):
    total += t'{n};'
print(total.strings, total.values)

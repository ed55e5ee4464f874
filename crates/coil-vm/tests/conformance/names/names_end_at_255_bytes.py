# Names are interned and have at most 255 bytes; other strings may be longer.
class A:
    pass

def attempt(what, f):
    try:
        print(what, f())
    except RuntimeError as e:
        print(what, 'RuntimeError', e)

for n in (255, 256):
    name = 'n' * n
    attempt('setattr', lambda: setattr(A(), name, 1))
    attempt('hasattr', lambda: hasattr(A(), name))
    attempt('type', lambda: type(name, (), {}).__name__ == name)
    attempt('keyword', lambda: len((lambda **k: k)(**{name: 1})))
    attempt('percent', lambda: '%%(%s)d' % name % {name: 1})
    attempt('format', lambda: ('{' + name + '}').format(**{name: 2}))
    attempt('exec', lambda: exec(name + ' = 1', {}))
    attempt('dict', lambda: {name: 3}[name])

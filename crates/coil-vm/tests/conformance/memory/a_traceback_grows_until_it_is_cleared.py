# Raising the same exception again adds to its traceback; `__traceback__ = None` empties it.
kept = ValueError('once')

def throw():
    raise kept

def lines():
    try:
        throw()
    except ValueError as e:
        assert e is kept
    return kept

for _ in range(3):
    lines()
try:
    kept.__traceback__ = None
    print('cleared')
    kept.__cause__ = None
except AttributeError as e:
    print('AttributeError')
print(repr(kept), kept.args, kept.value)

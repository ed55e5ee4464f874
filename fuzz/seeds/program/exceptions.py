def f(n):
    try:
        if n: return f(n - 1)
        raise ValueError('x', n)
    except ValueError as e:
        print(repr(e), e.args)
        raise KeyError(n) from e
    finally:
        print('out', n)
try:
    f(3)
except Exception as e:
    import sys; sys.print_exception(e)

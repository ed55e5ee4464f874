def f(a, b=1, *c, d=2, **e):
    try:
        return a + b
    except (A, B) as x:
        raise
    finally:
        del a

def g(n):
    def h():
        nonlocal n
        n += 1
        return lambda *a, k=n: (a, k)
    yield h()
    yield from range(n)
print(f(1, 2), list(g(2)))

# What stands under a condition that is always false is not compiled: its names are not local, its
# `yield` makes no generator, and what would be refused elsewhere is not seen.
x = 5

def assigned():
    if 0:
        x = 1
    return x

def yielded():
    if False:
        yield
    return "no generator"

def otherwise(n):
    if 1:
        pass
    elif n:
        x = 2
    else:
        yield
    return x

def looped():
    while "":
        x = 3
        nonlocal nowhere
    else:
        y = 4
    return x, y

print(assigned(), yielded(), otherwise(1), looped())

if ():
    return
if None:
    break
elif 1 and 0:
    await x
elif not 1:
    *x
else:
    print("else")
while 0.0:
    del f()

# A condition within an expression is: this is a generator.
def chosen():
    return 3 if 1 else (yield)

print(type(chosen()) is type(i for i in ()))

# It is a constant for the compiler alone if it was one already.
def named():
    n = 0
    if n:
        x = 1
    try:
        return x
    except NameError as e:
        return str(e)

print(named())

# What has parentheses of its own may not follow named arguments.
for call in ("f(a=1, (n for n in ()))", "f(**{}, (n := 2))", "f(**{}, {n: n for n in ()})", "f(a=1, [n for n in ()])", "print(f'{x:>\n9}')"):
    try:
        exec(call)
    except SyntaxError as e:
        print(call, e)
def f(*a, **k):
    return len(a) + len(k)
print(f(n for n in ()), f((n for n in ()), b=2), f'''{x:
>4}''')

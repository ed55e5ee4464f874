for text in (
    "f'{1}'", "rf'{1}'", "t'{1}'", "(x := 1)", "[y := 1]", "1 @ 2", "x @= 1",
    "1_000", "b'' rb''", "f'{1}' 'x'",
):
    try:
        compile(text, "text", "exec")
        print(text)
    except SyntaxError as e:
        print(text, e)


# What looks like it and is not.
def decorated(f):
    return f


@decorated
def g(x: int = 1):
    return {1: x}[1:2] if 0 else x


print(g())

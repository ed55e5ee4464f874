for text in ("f'{1}'", "rf'{1}'", "fr'{1}'", "t'{1}'", "tr'{1}'", "(x := 1)", "x @= 1"):
    try:
        compile(text, "text", "exec")
        print(text)
    except SyntaxError as e:
        print(text, e)

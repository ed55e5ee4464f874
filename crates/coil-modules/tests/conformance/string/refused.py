# Texts that are no t-string, and names in them that do not exist.
x = 5
for text in (
    't"{}"', 't"{ }"', 't"{!r}"', 't"{:5}"', 't"{x"', 't"{x:"', 't"{x!r"', 't"{x:{x}"', 't"}"', 't"{{}"', 't"a}b"',
    't"a" "b"', '"a" t"b"', 't"a" t"b"', 't"a{x}" t"b"', 'f"a" t"b"', 't"a" b"b"', 'b"a" t"b"', 'bt"a"', 'tb"a"', 'ft"a"', 'ut"a"', 'T"a"',
    't"{x!a}"', 't"{x!}"', 't"{x= }"', 't"{@}"', 't"{x y}"', 't"{a=b}"', 't"{lambda: 1}"', 't"\\xg0"', 't"\\u12"', "t'''{\nx}'''", 't"{x:\\x}"',
    't"open', 't"""open"', 't"{y}"', 't"{x:{y}}"', 't"{x!r:{y}}"',
):
    try:
        print(text, eval(text))
    except (SyntaxError, NameError) as e:
        print(text, repr(e))
for text in ("t'{x}' = 3", "del t'x'", "def f(a=t'{x}'): return a\nprint(f().values)", "import t'x'", "t'{x}'.strings"):
    try:
        exec(text)
    except SyntaxError as e:
        print(text, repr(e))

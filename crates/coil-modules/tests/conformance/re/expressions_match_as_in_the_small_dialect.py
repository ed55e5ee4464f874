import re
def show(pattern, text, n=3):
    try:
        m = re.search(pattern, text)
    except Exception as e:
        print(pattern, type(e).__name__, e)
        return
    if m is None:
        print(pattern, None)
        return
    groups = []
    for i in range(n):
        try:
            groups.append(m.group(i))
        except IndexError:
            break
    print(pattern, groups)
for p in ("b+", "a*", "^a", "c$", "a.c", "[a-c]+", "[^a]+", "(a)(b)", "(a|b|c)+", "a|bc|c", "(?:ab)+c", "a+?", "a*?b", "b??c", r"\d+", r"\w+\s\w", r"[\d,]+", r"\.", "x", "(x)?a", "a{2}", "(a*)(b*)", "[]", "[", "(", ")", "*", "+a", "a**", "\\", "[a-", "(?:", "a|", "|a", "()", "^$", "[a\\-z]+", "[\\s]", "((a)b)"):
    show(p, "aabbcc 12,34 a.c")
    show(p, "")
print(re.match("b", "ab"), re.match("a", "ab"), re.match(b"a(.)", b"ab").group(1))
print(re.compile("(\\w+)@(\\w+)").match("me@home now").group(2), re.compile("o").search("foo", 2).group(0), re.compile("^o").search("foo", 1), re.compile("o").search("foo", 0, 1))
print(re.compile("[,;] *").split("a, b;c,d"), re.compile("x").split("abc"), re.compile(",").split("a,b,c", 1), re.compile(b" ").split(b"a b"))
print(re.sub("a", "b", "banana"), re.sub("a(.)", "<\\1>", "banana"), re.sub("(n)", lambda m: m.group(1).upper(), "banana", 1), re.sub("x", "y", "abc"), re.sub("(a)|(b)", "[\\g<1>\\2]", "ab"), re.sub(b"a", b"\\\\", b"cat"))
for bad in (lambda: re.sub("a", "\\2", "a"), lambda: re.compile("(a),").split("a,b"), lambda: re.match("a", 1), lambda: re.match(1, "a"), lambda: re.match("a", "a").group(1), lambda: re.match("a", "a").group(-1)):
    try:
        bad()
    except Exception as e:
        print(type(e).__name__, e)
try:
    re.match("(a*)*", "aaa")
except RuntimeError as e:
    print(e)

# re: what matches, groups, splitting and replacing, and refused patterns.
import re
def tries(text, g):
    for e in text.split("\n"):
        try:
            r = eval(e, g)
            print(e, "->", r)
        except Exception as x:
            print(e, "|", type(x).__name__, x)

def m(p, s, *a):
    r = re.match(p, s)
    return None if r is None else [r.group(i) for i in range(len(r.groups()) + 1)]
def f(p, s):
    r = re.search(p, s)
    return None if r is None else (r.group(0), r.start(), r.end(), r.span(), r.groups())
tries(r'''m("a", "abc"), m("b", "abc"), m("", "abc"), m("a*", "aaab"), m("a+?", "aaa"), m("a??b", "ab")
m("(a)(b)?", "ac"), m("(a|b)*c", "abac"), m("((a)(b))", "ab"), m("(?:a)(b)", "ab")
m("[abc]+", "cabd"), m("[^abc]+", "xyza"), m("[a-c0-2]+", "b1x"), m("[]]", "]"), m("[a-]+", "a-")
m(r"\d+\D\w\W\s\S", "12a_- x"), m(r"\.", "."), m(".", "\n"), m("a.c", "abc")
m("^a$", "a"), m("^a$", "ab"), m("a$", "a\n"), f("^b", "ab"), f("b$", "ab")
f("b+", "abbbc"), f("(b)(c)", "abcd"), f("x", "abc"), f("", "")
m("a{2}", "aaa"), m("a{2,}", "aaaa"), m("a{1,2}", "aaa")
re.sub("b", "X", "abcb"), re.sub("b", "X", "abcb", 1), re.sub("(a)(b)", r"\2\1", "abab"), re.sub("a", lambda r: r.group(0) * 2, "banana"), re.sub("(a)", r"\g<1>!", "ba"), re.sub("x", "y", "abc")
re.compile("a").match("abc") is not None, re.compile("b").search("abc").start(), re.compile(",").split("a,b"), re.compile("a").sub("b", "aa")
re.match("(a)(b)", "ab").group(1), re.match("(a)(b)", "ab").groups(), re.match("(a)(b)?", "a").groups()
re.match("(a)", "a").group(5)
re.match("(a)", "a").group(-1)
re.match("(a)", "a").start(1), re.match("(a)", "a").end(1), re.match("x(a)?", "x").span(1)
re.compile("(")
re.compile(")")
re.compile("[a")
re.compile("*")
re.compile("a**")
re.compile("(?P<n>a)")
re.compile("(?=a)")
re.compile(r"\b") is not None
re.compile(5)
re.match("a")
re.match("a", 5)
re.match(b"a", b"abc").group(0)
re.sub("(a)", r"\5", "a")
re.match(".*", "x" * 300).end()
re.match("(" * 3 + "a" + ")" * 3, "a").groups()
re.search("a|b|c", "xxc").group(0), re.search("(ab|a)(c|bcd)", "abcd").group(0)
type(re.compile("a")).__name__, type(re.match("a", "a")).__name__''', globals())

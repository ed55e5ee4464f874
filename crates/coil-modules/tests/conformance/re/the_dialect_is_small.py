# re: classes, repeats, groups, anchors, alternatives, escapes, sub's templates, split, and refusals.
import re
def m(p, s, f=re.match):
    r = f(p, s)
    if r is None:
        return None
    out = []
    for i in range(9):
        try:
            out.append(r.group(i))
        except IndexError:
            break
    return out
TEXT = r'''
m("a.c", "abc"), m("a.c", "a\nc"), m("", ""), m("", "x"), m("a*", ""), m("a+", ""), m("a?b", "b"), m("a*?b", "aab"), m("a+?", "aaa"), m("a??", "a"), m("(a*)b", "aab"), m("(a*?)(a*)", "aaa")
m("[a-c]", "b"), m("[^a-c]", "b"), m("[-a]", "-"), m("[a-]", "-"), m("[]a]", "]"), m("[\\]]", "]"), m("[\\d]", "5"), m("[^\\d]", "5"), m("[\\w-]+", "a-b"), m("[.]", "x"), m("[a-c-e]", "-"), m("[\\-]", "-"), m("[^]", "a")
m("a|b", "b"), m("a|", "b"), m("|a", "a"), m("(a|b)c", "bc"), m("(a|ab)c", "abc"), m("ab|cd|ef", "ef"), m("(?:a|b)+", "abab"), m("(a)|(b)", "b"), m("((a)|b)*", "ab"), m("(a|b|)x", "x")
m("^a", "a"), m("^", ""), m("$", ""), m("a$", "a"), m("a$", "ab"), m("a^", "a"), m("$a", "a"), m("^^a", "a"), m("a$$", "a"), m("(^a)", "a")
m("b", "ab", re.search), m("^b", "ab", re.search), m("b$", "ab", re.search), m("", "ab", re.search), m("(b)(c)?", "ab", re.search), m("x*", "ab", re.search), m("a*?$", "aa", re.search)
m("\\d+", "12a"), m("\\D+", "ab1"), m("\\s", " "), m("\\s", "\x0b"), m("\\S", "a"), m("\\w+", "a_1-"), m("\\W", "-"), m("\\.", "."), m("\\\\", "\\"), m("\\n", "n"), m("\\t", "\t"), m("\\b", "b"), m("\\a", "a"), m("a\\", "a") if False else 0
m("\xe9", "\xe9"), m(".", "\xe9"), m("[\xe9]", "\xe9"), m("\\w", "\xe9"), m("..", "\xe9")
m(b"a(.)", b"ab"), m(b"\xff", b"\xff"), m("a", b"a"), m(b"a", "a")
m("a{2}", "aa")
m("a{", "a{")
m("(a", "a")
m("a)", "a")
m("[a", "a")
m("*a", "a")
m("a**", "a")
m("a*+", "a")
m("(*a)", "a")
m("|*", "a")
m("(?P<n>a)", "a")
m("(?=a)", "a")
m("(?:a", "a")
m("a\\", "a")
m("[a-", "a")
m("[b-a]", "a")
m("(" * 20 + ")" * 20, "") is None
m("((((((((((a))))))))))", "a")
re.compile("x" * 300) is None
re.compile("(" + "x" * 130 + ")*") is None
re.compile("(a|" + "x" * 130 + ")") is None
re.match("a")
re.match("a", 5)
re.match(5, "a")
re.match(None, "a")
re.compile()
re.match("(a)(b)?", "a").group(2), re.match("(a)", "a").group(), 1
re.match("(a)", "a").group(2)
re.match("(a)", "a").group(-1)
re.match("(a)", "a").group("x")
re.match("(a)", "a").group(0, 1)
re.match("a(b)?", "a").groups(), re.match("a", "a").groups(), re.match("(a)(b)?", "a").span(2), re.match("(a)(b)?", "a").start(2), re.search("(b)", "ab").span(), re.search("(b)", "ab").span(1), re.search("b", "ab").end()
re.match("a", "a").span(1)
re.compile("b").search("abab", 2).start(), re.compile("b").search("abab", 2, 3), re.compile("^b").search("ab", 1), re.compile("b$").search("abab", 0, 2), re.compile("a").match("ba", 1), re.compile("b").search("abab", -1), re.compile("a").search("a", 5)
re.sub("a", "b", "banana"), re.sub("a", "b", "banana", 2), re.sub("a", "b", "banana", 0), re.sub("x", "y", "abc"), re.sub("", "-", "ab"), re.sub("a*", "-", "baac"), re.sub("^a", "b", "aaa"), re.sub("a$", "b", "aaa"), re.sub("b*", "x", "")
re.sub("(a)(b)", "\\2\\1", "abab"), re.sub("(a)", "\\g<1>\\g<0>", "ba"), re.sub("(a)", "[\\0]", "ba"), re.sub("a", "\\\\", "ba"), re.sub("a", "\\n", "ba"), re.sub("a", "\\x", "ba"), re.sub("(a)(b)?", "<\\2>", "a"), re.sub("a", "", "aba"), re.sub("(.)", "\\1\\1", "ab")
re.sub("a", "\\1", "a")
re.sub("a", "\\g<1>", "a")
re.sub("a", "\\g<x>", "a")
re.sub("a", "\\g<", "a")
re.sub("a", "\\g<1", "a")
re.sub("a", "\\g", "a")
re.sub("a", "\\", "a")
re.sub("(a)", "\\12", "a")
re.sub("(a)", "\\g<01>", "a")
re.sub("(a)", "\\01", "a")
re.sub("a", 5, "a")
re.sub("a", None, "a")
re.sub("a", lambda m: 5, "a")
re.sub("a", lambda m: m.group(0).upper(), "banana"), re.sub("(a)(n)?", lambda m: str(m.groups()), "banana"), re.sub("a", lambda m: "\\1", "a")
re.sub("a", lambda m: 1 / 0, "a")
re.sub(b"a", b"b", b"banana"), re.sub(b"(a)", b"\\1\\1", b"a")
re.sub("a", b"b", "a")
re.sub("a", "b", 5)
re.sub("a", "b")
re.sub("a", "b", "aaa", "1")
re.sub("a", "b", "aaa", -1)
re.compile("a").sub("b", "aba"), re.compile("a").sub("b", "aba", 1), re.compile("a").sub(lambda m: "c", "aba")
re.compile(",").split("a,b,c"), re.compile(",").split("a,b,c", 1), re.compile(",").split("a,b,c", 0), re.compile(",").split(""), re.compile(",").split(","), re.compile(" +").split(" a  b "), re.compile("x").split("abc"), re.compile(b",").split(b"a,b"), re.compile(",").split("a,b,c", -1)
re.compile("").split("ab")
re.compile("a*").split("baac")
re.compile("(,)").split("a,b")
re.compile(",").split(5)
re.split
re.findall
re.fullmatch
re.DEBUG
re.compile("a").pattern
type(re.compile("a")).__name__, type(re.match("a", "a")).__name__, str(re.compile("a"))[:4], str(re.match("a", "a"))[:6]
'''
for e in TEXT.strip().split("\n"):
    try:
        print(e, "->", eval(e))
    except Exception as x:
        print(e, "|", type(x).__name__, x)

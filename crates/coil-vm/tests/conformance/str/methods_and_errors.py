# Strings: every method with usual and unusual arguments, and errors with their texts.
s = "Hello, World"
u = "häß€😀"
for e in """s.upper(), s.lower(), u.upper(), u.lower()
s.find("o"), s.find("o", 5), s.find("o", 5, 7), s.find("zz"), s.find(""), s.find("", 99), s.find("o", -4)
s.rfind("o"), s.rfind("o", 0, 5), s.rfind(""), u.find("€"), u.rfind("h")
s.index("W"), s.rindex("l")
s.index("zz")
s.rindex("zz")
s.find(1)
s.find()
s.count("l"), s.count(""), s.count("l", 4), s.count("xx"), "aaaa".count("aa"), u.count("")
s.replace("l", "L"), s.replace("l", "L", 1), s.replace("l", "", -1), s.replace("", "-"), s.replace("l", "L", 0)
s.replace(1, "a")
s.replace("a")
s.split(), "  a  b ".split(), "a,b,,c".split(","), "a,b,c".split(",", 1), "".split(), "".split(","), "a b c".split(None, 1)
s.split("")
s.split(1)
s.rsplit(), "a,b,c".rsplit(",", 1), " a b ".rsplit(None, 1)
"a\\nb\\r\\nc\\r".splitlines(), "a\\nb".splitlines(True), "".splitlines()
s.partition(", "), s.partition("zz"), s.rpartition("l"), s.rpartition("zz")
s.partition("")
s.strip(), "  a ".strip(), "xxaxx".strip("x"), "xyaxy".lstrip("xy"), "a\\t\\n ".rstrip(), "abc".strip("")
s.strip(1)
",".join("abc"), "".join([]), ",".join(["a"]), "-".join(("a", "b"))
",".join([1])
",".join(5)
",".join(["a", b"b"])
s.startswith("He"), s.startswith("lo", 3), s.startswith(("x", "H")), s.endswith("ld"), s.endswith(("x", "ld"))
s.startswith(1)
s.endswith("l", 5)
"abc".isalpha(), "a1".isalpha(), "".isalpha(), "12".isdigit(), "1a".isdigit(), " \\t".isspace(), "".isspace(), "AB".isupper(), "aB".islower(), "a1".islower()
"ab".center(6), "ab".center(5), "ab".center(1)
s.encode(), u.encode(), u.encode("utf-8"), u.encode("ascii") if False else 0
s[0], s[-1], s[1:4], s[:-3], u[1], u[-1], u[2:4], u[::1]
s[20]
s[::2]
s["a"]
s[1.5]
s[0] = "a"
del s[0]
s + "x", s * 2, 0 * s, s * -1, "a" "b"
s + 1
s + b"x"
s * "a"
s * 1.5
"o" in s, "zz" in s, "" in s, "€" in u
1 in s
b"o" in s
s < "I", s == "Hello, World", "a" < "B", "" < "a", u > s
s < 1
len(s), len(u), len(u.encode()), len("")
list(u)
hash("abc") == hash("ab" + "c")
"{} {} {}".format(1, "a", None), "{0} {1} {0}".format(1, 2), "{a} {b}".format(a=1, b=2), "{{}}".format()
"{:5}|{:<5}|{:>5}|{:^5}|{:*^7}".format("ab", "ab", "ab", "ab", "ab")
"{:5d}|{:<5d}|{:05d}|{:+d}|{: d}|{:x}|{:#X}|{:b}|{:o}|{:c}".format(42, 42, 42, 42, 42, 255, 255, 5, 8, 65)
"{:f}|{:.2f}|{:8.3f}|{:e}|{:g}|{:.3g}|{:%}|{:+.1f}".format(1.5, 1.555, 3.14159, 12345.678, 0.0001, 1234.5, 0.25, -0.05)
"{:s}|{:.2s}|{!r}|{!s}|{!r:>6}".format("abc", "abc", "a", "a", "a")
"{0[1]} {a[k]} {b.real}".format([1, 2], a={"k": 3}, b=5) if False else 0
"{}".format()
"{} {0}".format(1)
"{0} {}".format(1)
"{1}".format(1)
"{a}".format()
"{".format()
"}".format()
"{:d}".format("a")
"{:s}".format(1)
"{:z}".format(1)
"{:5.2d}".format(1)
"{:,}".format(1234567), "{:,.2f}".format(12345.6)
"{:{}}".format(5, 4), "{:{w}.{p}f}".format(1.5, w=8, p=2)
"a\\tb".expandtabs() if hasattr(s, "expandtabs") else "none"
s.title() if hasattr(s, "title") else "none"
s.capitalize() if hasattr(s, "capitalize") else "none"
"12".zfill(5) if hasattr(s, "zfill") else "none"
"ab".ljust(4) if hasattr(s, "ljust") else "none"
str(1), str(None), str(b"a"), str([1, "a"]), str(1.0), str(u)
str(b"h\\xc3\\xa4", "utf-8"), str(bytearray(b"x"), "utf8")
str(b"\\xff", "utf-8")
str("a", "utf-8")
"%s" % (1, 2)
"%d" % "a"
"%5.1f|%-5d|%05d|%+d|%x" % (2.25, 5, 5, 5, 255)
"%s %s" % "a"
"%(a)s" % {"b": 1}
"%(a)s" % 5
"%q" % 1
"%" % ()
"%c%c" % (65, "b")
"%c" % "ab"
"%r %s" % ("a", "a")
"%%"  % ()
"abc" % ()
"abc" % 1
s.nope
s.x = 1
s()
int("5") + float("1.5")
chr(8364), ord("€"), chr(128512) == "😀"
sorted("hello"), max("abc"), min("abc")
list(zip("ab", "cd")), list(enumerate("ab")), list(reversed("ab"))""".split("\n"):
    try:
        try:
            r = eval(e)
        except SyntaxError:
            exec(e)
            r = "ok"
        # What is not ASCII is written in other ways by some builds.
        print(e.encode(), "->", [x.encode() if isinstance(x, str) else x for x in r] if isinstance(r, tuple) else r.encode() if isinstance(r, str) else [x.encode() for x in r] if isinstance(r, list) and r and isinstance(r[0], str) else r)
    except Exception as x:
        print(e.encode(), "|", type(x).__name__, x)

# find, index, count, replace, startswith, partition, split: empty needles, bounds, negative bounds.
TEXT = r'''
"abc".find(""), "abc".find("", 1), "abc".find("", 3), "abc".find("", 4), "".find(""), "".find("a"), "abc".rfind(""), "abc".rfind("", 1, 2), "abc".rfind("", 5)
"abcabc".find("c"), "abcabc".find("c", 3), "abcabc".find("c", -1), "abcabc".find("c", -4, -1), "abcabc".find("bc", 2, 5), "abcabc".find("bc", 2, 6), "abcabc".rfind("bc"), "abcabc".rfind("bc", 0, 5), "abcabc".rfind("a", 1, 3)
"abc".find("b", None), "abc".find("b", None, None), "abc".find("b", 0, None), "abc".find("c", -100, 100)
"abc".find("b", 2, 1), "abc".find("", 2, 1), "abc".count("", 2, 1)
"abc".find(1)
"abc".find(b"b")
"abc".find("b", "0")
"abc".find("b", 1.0)
"abc".find()
"abc".index("c"), "abcc".rindex("c")
"abc".index("x")
"abc".rindex("x")
b"abc".index(b"x")
"aaa".count("a"), "aaa".count("aa"), "aaa".count(""), "".count(""), "abc".count("", 1), "aaaa".count("a", 1, 3), "aaaa".count("a", -2), "abc".count("abcd")
"abc".count(1)
"abc".startswith(""), "abc".startswith("ab"), "abc".startswith("b", 1), "abc".startswith("c", -1), "abc".startswith("", 3), "abc".startswith("", 4), "abc".startswith(("x", "a")), "abc".startswith(()), "abc".startswith("abcd")
"abc".startswith("b", 1, 2)
"abc".startswith(1)
"abc".startswith((1, 2))
"abc".startswith(["a"])
"abc".endswith(""), "abc".endswith("bc"), "abc".endswith(("x", "c")), "abc".endswith("abcd")
"abc".endswith("b", 0)
"abc".endswith("c", 1)
"abc".replace("b", "X"), "abc".replace("", "-"), "".replace("", "x"), "aaa".replace("a", "b", 2), "aaa".replace("a", "b", 0), "aaa".replace("a", "b", -1), "aaa".replace("aa", "b"), "abc".replace("x", "y"), "abc".replace("", "-", 2), "abc".replace("b", "")
"abc".replace("a")
"abc".replace("a", 1)
"abc".replace(b"a", b"b")
"a,b,c".partition(","), "a,b,c".rpartition(","), "abc".partition(","), "abc".rpartition(","), ",".partition(","), "".partition("x"), b"a-b".partition(b"-")
"abc".partition("")
"abc".rpartition("")
"abc".partition(1)
"a b  c".split(), " a b ".split(), "".split(), "  ".split(), "a b c d".split(None, 2), " a b  c ".split(None, 1), "a b".split(None, 0), "a b".split(None, -1)
"a,b,,c".split(","), ",".split(","), "".split(","), "a,b,c".split(",", 1), "a,b,c".split(",", 0), "a--b--c".split("--"), "abc".split("abc"), "a b c".split(" ", -5)
"a,b,c,d".rsplit(",", 1), "a,b,c,d".rsplit(",", 2), "a,b".rsplit(","), "a,b".rsplit(",", 0), "a,b".rsplit(",", -1), ",a,".rsplit(",", 1), "a b c".rsplit()
"a b  c".rsplit(None, 1)
"abc".split("")
"abc".rsplit("")
"abc".split(1)
"abc".split(",", "1")
"a\nb\r\nc\rd".splitlines(), "a\n".splitlines(), "a\n\nb".splitlines(), "".splitlines(), "a\nb".splitlines(True), "a\r\nb\n".splitlines(keepends=True), "\n".splitlines(), b"a\nb".splitlines()
" a ".strip(), "xaxbx".strip("x"), "abcba".strip("ab"), "abc".strip("abc"), "abc".lstrip("a"), "abc".rstrip("c"), "\t\n\r\x0b\x0c a".strip(), "abc".strip(""), b" a ".strip(), "".strip(), "  ".lstrip()
"abc".strip(1)
"abc".strip(None)
b"abc".strip("a")
"abc".center(7), "abc".center(6), "abc".center(2), "abc".center(-5), b"ab".center(5)
"abc".center()
"abc".center("a")
",".join([]), ",".join(["a"]), ",".join(("a", "b")), "".join(["a", "b"]), ",".join("abc"), b",".join([b"a", b"b"]), ",".join({"a": 1}), "-".join(c for c in "xyz")
",".join([1])
",".join(1)
b",".join(["a"])
",".join([b"a"])
"abc".upper(), "ABC".lower(), "aBc1".upper(), "\xe9".upper(), b"ab".upper()
"".isspace(), " \t\n".isspace(), "a".isalpha(), "".isalpha(), "a1".isalpha(), "1".isdigit(), "".isdigit(), "1a".isdigit(), "A".isupper(), "A1".isupper(), "1".isupper(), "a1".islower(), "".islower(), b"12".isdigit()
"abc"[::-1]
"abc"[::2]
"abc"[1:], "abc"[:-1], "abc"[-2:], "abc"[5:], "abc"[2:1], "abc"[-100:100], "abc"[:], "abc"[None:None], "abc"[::1]
"abc"[3]
"abc"[-4]
"abc"["a"]
"abc"[1.0]
"abc"[None]
"a" + 1
1 + "a"
"a" + b"a"
"a" * 2.0
"a" * "a"
"a" < 1
"a" < "b", "a" < "aa", "" < "a", "b" > "abc", "\xe9" > "z", "a" == "a", "a" != "b", "a" <= "a"
"a" in "abc", "" in "abc", "bc" in "abc", "x" in "abc", b"b" in b"abc", 98 in b"abc"
1 in "abc"
None in "abc"
"a" in b"abc"
b"a" in "abc"
300 in b"abc"
"abc".x
"abc".capitalize()
"abc".title()
"abc".isalnum()
"abc".ljust(5)
"abc".zfill(5)
"abc".swapcase()
"abc".casefold()
"abc".removeprefix("a")
str(), str(1), str(None), str(b"ab"), str(b"ab", "utf-8"), str(bytearray(b"x"), "ascii")
str(b"\xff", "utf-8")
str("a", "utf-8")
str(1, 2)
str(b"a", "utf-8", "strict", 1)
"abc".encode(), "\xe9".encode(), b"abc".decode(), b"\xc3\xa9".decode(), "abc".encode("ascii"), b"".decode()
b"\xff".decode()
b"\xc3".decode()
b"\xed\xa0\x80".decode()
b"\xf4\x90\x80\x80".decode()
"a" "b" 'c', "\x41\101\u0041\U00000041"
hash("abc") == hash("abc"), hash("a") == hash("b"), {"a" "b": 1}["ab"]
'''
for e in TEXT.strip().split("\n"):
    try:
        print(e, "->", eval(e))
    except Exception as x:
        print(e, "|", type(x).__name__, x)

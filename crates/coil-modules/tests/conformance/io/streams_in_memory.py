# io: streams in memory, their positions and errors.
import io
def tries(text, g):
    for e in text.split("\n"):
        try:
            r = eval(e, g)
            print(e, "->", r)
        except Exception as x:
            print(e, "|", type(x).__name__, x)

s = io.StringIO("ab\ncd\n")
print(repr(s.read(1)), repr(s.readline()), repr(s.read()), repr(s.read()), s.seek(0), s.tell())
b = io.BytesIO(b"0123456789")
print(b.read(3), b.seek(-2, 2), b.read(), b.seek(1), b.seek(2, 1), b.tell(), b.read(-1), b.getvalue())
w = io.StringIO()
print(w.write("abc"), w.write(""), w.seek(1), w.write("X"), w.getvalue())
w = io.BytesIO()
print(w.write(b"abc"), w.seek(5), w.write(b"z"), w.getvalue())
buf = bytearray(4)
b.seek(8)
print(b.readinto(buf), buf, b.readinto(buf), list(io.StringIO("a\nb")), [l for l in io.BytesIO(b"x\ny\n")])
print(io.BytesIO(bytearray(b"q")).getvalue(), io.StringIO().read(), io.BytesIO(b"a\nb").readline(), io.BytesIO(b"abc\n").readline(2))
with io.StringIO("ctx") as c:
    print(c.read())
tries(r'''c.read()
c.write("a")
c.getvalue()
c.close()
io.StringIO(b"ab").read()
io.BytesIO("ab").read()
io.BytesIO().write("ab")
io.StringIO().write(5)
io.BytesIO().write()
io.BytesIO().seek()
io.BytesIO().seek("a")
io.BytesIO(b"ab").seek(-1)
io.BytesIO(b"ab").read("a")
io.BytesIO(b"ab").readinto(5)
io.BytesIO(b"ab").readinto(b"ab")
io.BytesIO().foo
io.StringIO().flush()
io.StringIO("").readline()
print("to", "file", file=5)
print("x", file=None)''', globals())
f = io.StringIO()
print("a", 1, sep="-", end="|", file=f)
print(f.getvalue())

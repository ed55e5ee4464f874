import io
for make, text in ((io.StringIO, "line one\nzwei\n\nend"), (io.BytesIO, b"line one\nzwei\n\nend")):
    s = make(text)
    print(s.read(4), s.readline(), s.readline(2), s.readline(), s.read(), s.read(), s.tell())
    print(s.seek(5), s.read(3), s.seek(-3, 2), s.read(), s.seek(0), list(s))
    print(s.seek(4), s.write(text[:3]), s.getvalue(), s.seek(25), s.write(text[:1]), s.getvalue())
    s.flush()
    with make() as t:
        t.write(text)
        t.write(text)
        print(len(t.getvalue()), t.tell())
    for f in (lambda: t.read(), lambda: t.write(text), lambda: t.getvalue(), lambda: t.readline()):
        try:
            f()
        except ValueError as e:
            print(e)
    b = bytearray(6)
    s.seek(1)
    print(s.readinto(b), b, s.readinto(b, 2), b)
print(io.StringIO("h\xe9llo").read(2) == "h\xe9", io.StringIO(20).getvalue(), io.BytesIO(bytearray(b"ab")).read())
try:
    io.StringIO("a").seek(-1)
except OSError as e:
    print(e)

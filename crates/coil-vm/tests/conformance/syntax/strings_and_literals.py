# Literals of all kinds.
print(0xFF, 0o17, 0b101, 1_000_000, 0xdead_beef, 0B1, 0XaB, 0O7)
print(1., .5, 1e3, 1E-2, 1.5e+2, 1_0.5_0, 3j, 1.5e1J)
print("a" 'b' """c""" r"\n")
print(b"a" b'\x00\xff' rb"\x")
print('\a\b\f\n\r\t\v\0\x41\101\u00e4\U0001F600\'\"\\'.encode())
print('\8\9\q\ ')
print("line\
continued")
print("""multi
line""", '''it's''')
print("tab\there", repr("\t\n\r\\'\"\x00\x7f"))
print(repr("'"), repr('"'), repr("'\""), repr(b"'"), repr(b'"'), repr(b"\x00\x7f\x80\n"))
name, n, f = "x", 42, 3.14159
print(f"{name}{n:5d}|{n:<5}|{n:^5}|{f:.2f}|{n!r}|{name!r:>5}|{{}}|{n + 1}")
print(f"{n:{'0'}{5}}", f"{name=}" if 0 else "", f"{'nested'}", f'{"a" "b"}')
print(f"{[i for i in range(3)]}")
print(f"{n:#x} {n:#b} {n:+d} {-n:05d}")
print("%s %r %d %5.1f %x %X %o %c %c %% %i %e %g" % ("s", "r", 5, 2.25, 255, 255, 8, "c", 65, 7, 12345.678, 0.0001))
print("%(a)s %(b)03d" % {"a": 1, "b": 2}, "%-5s|%5s|" % ("ab", "cd"), "%*d|%-*d|" % (5, 1, 5, 2))
print(..., None, True, False, NotImplemented, __debug__)
print((), (1,), [], {}, {1}, {1: 2}, set(), frozenset())
print([1, 2, 3,][-1], (1, 2,), {1: 2,}, {1,})
for bad in ("%d" , "%s %s", "%z", "%", "%(a)s", "%5"):
    for v in (1, "x", (), (1, 2), {"b": 1}, "xy"):
        try:
            print(bad, "|", bad % v)
        except (TypeError, ValueError, KeyError) as e:
            print(bad, v, "|", type(e).__name__, e)

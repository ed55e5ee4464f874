import io
class S(io.IOBase):
    def __init__(self):
        self.out = b""
    def write(self, buf):
        self.out += bytes(buf)
        self.kind = type(buf)
        return len(buf)
s = S()
print("hello", 1, file=s)
print(s.out, s.kind)
t = io.StringIO()
print("a", "b", sep="-", end="!", file=t)
print(t.getvalue())

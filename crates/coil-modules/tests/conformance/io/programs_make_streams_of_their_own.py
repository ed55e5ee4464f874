import io
class Half(io.IOBase):
    def __init__(self):
        self.got = []
    def write(self, buf):
        n = (len(buf) + 1) // 2
        self.got.append(bytes(buf[:n]))
        return n
h = Half()
w = io.BufferedWriter(h, 4)
print(w.write(b"ab"), h.got == [], w.write(b"cdefg"), h.got)
w.flush()
print(b"".join(h.got))
b = io.BytesIO()
w = io.BufferedWriter(b, 8)
for i in range(5):
    w.write(b"%d," % i)
print(b.getvalue())
w.flush()
print(b.getvalue(), isinstance(h, io.IOBase))

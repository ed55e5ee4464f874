import json, io
s = io.StringIO()
json.dump({"a": [1, 2]}, s)
json.dump("x", s, separators=(",", ":"))
print(s.getvalue())
print(json.load(io.StringIO("[1, 2, {}]")), json.load(io.BytesIO(b' "x" ')))
class Stream(io.IOBase):
    def __init__(self, data):
        self.data = data
        self.out = b""
    def readinto(self, buf):
        n = min(len(buf), len(self.data))
        buf[:n] = self.data[:n]
        self.data = self.data[n:]
        return n
    def write(self, buf):
        self.out += bytes(buf)
        return len(buf)
t = Stream(b'{"k": "v"}')
print(json.load(t))
json.dump([None, 1.5], t)
print(t.out)
for bad in (lambda: json.load(1), lambda: json.load("[]"), lambda: json.dump([], None), lambda: json.load(io.StringIO("["))):
    try:
        bad()
    except Exception as e:
        print(type(e).__name__, e)

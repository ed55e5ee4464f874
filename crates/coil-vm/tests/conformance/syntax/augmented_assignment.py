# In-place operators: on names, attributes and items, with and without in-place methods.
class A:
    def __init__(self, v):
        self.v = v
    def __iadd__(self, o):
        print("iadd", o)
        self.v += o
        return self
    def __add__(self, o):
        print("add", o)
        return A(self.v + o)
    def __sub__(self, o):
        print("sub", o)
        return A(self.v - o)
    def __rmul__(self, o):
        print("rmul", o)
        return "rmul"
    def __matmul__(self, o):
        return "matmul"

a = b = A(1)
a += 2
print(a is b, a.v)
a -= 1
print(a is b, a.v)
x = 3
x *= A(1)
print(x)
a @= 1
print(a)
l = m = [1]
l += (2, 3)
print(l is m, l)
l *= 2
print(l is m, m)
l += "ab"
print(l)
try:
    l += 5
except TypeError as e:
    print(e)
t = (1,)
t += (2,)
print(t)
s = {1}
s |= {2}
s &= {2, 3}
s ^= {5}
s -= {2}
print(s)
d = {"a": 1}
d["a"] += 1
d["a"] <<= 3
d |= {"b": 2}
print(d["a"], d["b"])
n = 7
n //= 2; n **= 3; n %= 10; n ^= 0xff; n |= 0x100; n &= 0x1f8; n >>= 3
print(n)
f = 1
f /= 4
print(f)
class C:
    n = 1
c = C()
c.n += 1
print(c.n, C.n)
def g():
    global n
    n += 1
g()
print(n)
def h():
    u += 1
try:
    h()
except NameError as e:
    print(e)
for op in "@", "<<", "&", "|", "^", ">>":
    for p, q in ((1, 1.5), (1.5, 1), (1, True), (True, 1.5), (1j, True), (1, "a")):
        for form in ("p %s q",):
            try:
                exec(form % op, {"p": p, "q": q})
            except TypeError as e:
                print(e)

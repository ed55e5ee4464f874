import select, io
class S(io.IOBase):
    def __init__(self):
        self.ready = 0
        self.asked = 0
        self.after = 0
    def ioctl(self, request, arg):
        if request != 3:
            return -1
        self.asked += 1
        if self.after and self.asked >= self.after:
            self.ready = 1
        return self.ready & arg
a, b = S(), S()
p = select.poll()
p.register(a, select.POLLIN)
p.register(b)
print(p.poll(0))
b.ready = 4
r = p.poll(0)
print(len(r), r[0][0] is b, r[0][1])
a.ready = 1
print(sorted(e for o, e in p.poll(0)), [e for o, e in p.ipoll(0)].count(1))
b.ready = 5
p.modify(b, select.POLLIN)
print(sorted(e for o, e in p.poll()))
p.unregister(b)
print(len(p.poll(0)))
a.ready, a.asked, a.after = 0, 0, 4
r = p.poll()
print(r[0][1], a.asked >= 4)
print(sum(1 for x in p.ipoll(0, 1)), sum(1 for x in p.ipoll(0, 1)))
for bad in (lambda: p.modify(b, 1), lambda: p.register(object()), lambda: p.register(None)):
    try:
        bad()
    except OSError as e:
        print("OSError")

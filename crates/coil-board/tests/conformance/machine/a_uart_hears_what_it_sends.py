# jumper: 4-5
from machine import UART
import select

u = UART(1, 115200, tx=4, rx=5)
print(u.any(), u.read(), u.read(5), u.readline(), u.readinto(bytearray(4)))
print(u.write("first\nsecond\nrest"))
u.flush()
print(u.any())
print(u.readline(), u.readline(3), u.readline())
b = bytearray(8)
print(u.readinto(b, 2), b)
print(u.readinto(b), b)
print(u.read())
# Parts of what is written.
print(u.write(b"0123456789", 3), u.write(b"0123456789", 4, 2), u.write(b"01", 5, 9))
u.flush()
print(u.read(100))
print(u.write(bytearray(b"ab")), u.write(memoryview(b"xcdx")[1:3]), u.write(b""))
u.flush()
print(u.read(3), u.read(3), u.read(3), u.read(0))
# Lines, one after the other.
u.write("a\nb\n\nc")
u.flush()
for line in u:
    print(line)
poll = select.poll()
poll.register(u, select.POLLIN)
print(poll.poll(0))
u.write("!")
print(poll.poll(100) == [(u, select.POLLIN)])
poll.modify(u, select.POLLIN | select.POLLOUT)
print(poll.poll(0)[0][1], u.read(), poll.poll(0)[0][1])
# Settings that are made anew forget what came in.
u.write("gone")
u.flush()
u.init(9600)
print(u.any())
# What finds no room is lost.
for i in range(3):
    u.write(b"%03d." % i * 64)
u.flush()
got = u.read()
print(256 <= len(got) < 768, got[:4])
u.deinit()

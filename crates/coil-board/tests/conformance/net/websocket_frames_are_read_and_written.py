import io, websocket


def over(data):
    return websocket.websocket(io.BytesIO(data))


def sent(data, *args):
    s = io.BytesIO()
    w = websocket.websocket(s)
    if args:
        w.ioctl(9, *args)
    print(w.write(data))
    return s.getvalue()


for n in (0, 1, 125, 126, 127, 300):
    frame = sent(bytes(n))
    print(n, len(frame), frame[:5])
print(sent(b"bin", 2))
w = over(b"\x81\x05hello\x82\x03bin\x80\x01!")
print(w.read(3), w.read(2), w.ioctl(8), w.read(10), w.ioctl(8))
print(over(b"\x01\x03one\x89\x02pp\x80\x03two").read(6))
print(over(b"\x81\x83\x01\x02\x03\x04\x60\x60\x60").read(3))
print(over(b"\x81\xfe\x00\x80\x00\x01\x00\x01" + b"a`" * 64).read(128) == b"aa" * 64)
s = io.BytesIO(b"\x81\x02ok\x88\x00rest")
w = websocket.websocket(s)
print(w.read(2), w.read(5), s.getvalue())
print(over(b"\x81\x00\x81\x03end").read(3), over(b"").read(4))
for bad in (lambda: over(b"\x81\x7f" + bytes(20)).read(1), lambda: over(b"").ioctl(77), lambda: websocket.websocket(1), lambda: sent(bytes(65536))):
    try:
        print(bad())
    except OSError as e:
        print(repr(e))
w = over(b"\x81\x04line")
print(w.readline(), w.close())

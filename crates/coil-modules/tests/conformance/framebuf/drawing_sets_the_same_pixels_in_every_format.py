import framebuf, array
def picture(f, w, h):
    return [[f.pixel(x, y) for x in range(w)] for y in range(h)]
for fmt in (framebuf.MONO_VLSB, framebuf.MONO_HLSB, framebuf.MONO_HMSB, framebuf.GS2_HMSB, framebuf.GS4_HMSB, framebuf.GS8, framebuf.RGB565):
    buf = bytearray(24 * 16 * 2)
    f = framebuf.FrameBuffer(buf, 21, 13, fmt, 24)
    f.pixel(0, 0, 1)
    f.pixel(99, 0, 1)
    f.line(1, 1, 19, 11, 1)
    f.line(-30, 40, 30, -9, 2)
    f.hline(-2, 5, 9, 3)
    f.vline(15, -4, 30, 1)
    f.rect(3, 3, 8, 6, 2)
    f.fill_rect(18, 9, 50, 50, 0xffff)
    f.ellipse(10, 6, 5, 4, 1)
    f.ellipse(16, 3, 3, 2, 3, True, 5)
    f.poly(2, 2, array.array("h", [0, 0, 6, 1, 9, 8, 1, 7]), 1, True)
    f.poly(9, 1, array.array("h", [0, 0, 6, 1, 3, 8]), 2)
    print(fmt, bytes(buf))
    f.scroll(3, -2)
    g = framebuf.FrameBuffer(bytearray(64), 6, 6, framebuf.GS8)
    g.fill(7)
    g.line(0, 0, 5, 5, 2)
    f.blit(g, -2, 8, 7)
    f.blit((b"\x81\x42\x24\x18", 8, 4, framebuf.MONO_HLSB), 12, 2)
    print(fmt, picture(f, 21, 13))
for bad in (lambda: framebuf.FrameBuffer(bytearray(3), 8, 4, framebuf.MONO_HLSB), lambda: framebuf.FrameBuffer(bytearray(99), 8, 4, 9), lambda: framebuf.FrameBuffer(bytearray(99), 0, 4, 0),
            lambda: framebuf.FrameBuffer(b"12345678", 8, 8, 0), lambda: framebuf.FrameBuffer(bytearray(99), 8, 4, 0, 4), lambda: f.blit((b"", 1, 1), 0, 0), lambda: f.fill("a")):
    try:
        bad()
    except Exception as e:
        print(type(e).__name__, e)
print(memoryview(framebuf.FrameBuffer1(bytearray(8), 8, 8))[0], len(bytes(f)))

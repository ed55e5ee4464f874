import framebuf


def cell(text, x, y, colour=1):
    f = framebuf.FrameBuffer(bytearray(40 * 20), 40, 20, framebuf.GS8)
    f.text(text, x, y, colour)
    return [(i, j) for j in range(20) for i in range(40) if f.pixel(i, j) == colour]


for text in "Aj0~":
    drawn = cell(text, 8, 8)
    print(text, len(drawn) > 4, all(8 <= x < 16 and 8 <= y < 16 for x, y in drawn))
print(cell(" ", 8, 8))
print(sorted(cell("AB", 8, 8)) == sorted(cell("A", 8, 8) + cell("B", 16, 8)))
print(cell("A", 11, 9) == [(x + 3, y + 1) for x, y in cell("A", 8, 8)])
print(cell("A", -4, -3) == [(x - 12, y - 11) for x, y in cell("A", 8, 8) if x >= 12 and y >= 11])
print(cell("A", 8, 8, 7) == cell("A", 8, 8), cell("A", 100, 100))

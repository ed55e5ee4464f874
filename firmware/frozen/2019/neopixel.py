# Lights in a row with a controller in each: WS2812, SK6812 and their kin.

from esp import neopixel_write


class NeoPixel:
    # Where red, green, blue and white stand among the bytes of a light.
    ORDER = (1, 0, 2, 3)

    def __init__(self, pin, n, bpp=3, timing=1):
        self.pin = pin
        self.n = n
        self.bpp = bpp
        self.buf = bytearray(n * bpp)
        self.pin.init(pin.OUT)
        # 1 for lights of 800 kHz, 0 for 400.
        self.timing = timing

    def __setitem__(self, i, v):
        first = i * self.bpp
        for channel in range(self.bpp):
            self.buf[first + self.ORDER[channel]] = v[channel]

    def __getitem__(self, i):
        first = i * self.bpp
        return tuple([self.buf[first + self.ORDER[channel]] for channel in range(self.bpp)])

    def fill(self, v):
        for channel in range(self.bpp):
            for at in range(self.ORDER[channel], len(self.buf), self.bpp):
                self.buf[at] = v[channel]

    def write(self):
        neopixel_write(self.pin, self.buf, self.timing)

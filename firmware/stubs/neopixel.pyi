"""Rows of lights of which each has its own colour (WS2812)."""
from machine import Pin, bitstream as bitstream


class NeoPixel:
    """A row of lights on one pin: np[0] = (255, 0, 0), then np.write()."""
    ORDER: tuple
    """In which order a light takes its colours."""
    def __init__(self, pin: Pin, n: int, bpp: int = 3, timing: int = 1) -> None:
        """n lights on this pin; `bpp` is 3, or 4 for lights with white as well."""
    def fill(self, v: tuple[int, ...]) -> None:
        """Gives all lights the same colour: red, green, blue, each from 0 to 255."""
    def write(self) -> None:
        """Sends the colours to the lights."""

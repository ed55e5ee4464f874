"""Pictures in memory, for displays."""
from typing import Any

MONO_VLSB: int
"""One bit a point, a byte is eight points below each other (SSD1306)."""
MONO_HLSB: int
"""One bit a point, a byte is eight points side by side, the left one in the highest bit."""
MONO_HMSB: int
"""One bit a point, a byte is eight points side by side, the left one in the lowest bit."""
MVLSB: int
"""The older name of MONO_VLSB."""
GS2_HMSB: int
"""Four greys."""
GS4_HMSB: int
"""16 greys."""
GS8: int
"""256 greys."""
RGB565: int
"""16 bits a point: five for red, six for green, five for blue."""


class FrameBuffer:
    """A picture in memory; (0, 0) is its upper left corner."""
    def __init__(self, buffer: bytearray, width: int, height: int, format: int, stride: int = ...) -> None:
        """A picture of this size in a buffer; format is one of framebuf's, such as MONO_VLSB."""
    def fill(self, c: int) -> None:
        """Gives everything this colour."""
    def pixel(self, x: int, y: int, c: int = ...) -> int:
        """The colour of a point; with an argument it is set."""
    def hline(self, x: int, y: int, w: int, c: int) -> None:
        """A line to the right."""
    def vline(self, x: int, y: int, h: int, c: int) -> None:
        """A line downwards."""
    def line(self, x1: int, y1: int, x2: int, y2: int, c: int) -> None:
        """A line from one point to another."""
    def rect(self, x: int, y: int, w: int, h: int, c: int, fill: bool = False) -> None:
        """A rectangle, filled if wanted."""
    def fill_rect(self, x: int, y: int, w: int, h: int, c: int) -> None:
        """A filled rectangle."""
    def ellipse(self, x: int, y: int, rx: int, ry: int, c: int, fill: bool = False, mask: int = 15) -> None:
        """An ellipse around a point, filled if wanted; `mask` chooses its quarters."""
    def poly(self, x: int, y: int, points: Any, c: int, fill: bool = False) -> None:
        """A closed line through points of an array, filled if wanted."""
    def text(self, text: str, x: int, y: int, c: int = 1) -> None:
        """A text; each character is 8 by 8 points."""
    def scroll(self, dx: int, dy: int) -> None:
        """Moves everything."""
    def blit(self, source: FrameBuffer, x: int, y: int, key: int = -1, palette: FrameBuffer | None = None) -> None:
        """Puts another picture into this one; points of the colour `key` are left out."""


def FrameBuffer1(buffer: bytearray, width: int, height: int, stride: int = ...) -> FrameBuffer:
    """The older form of FrameBuffer, with MONO_VLSB."""

"""Numbers of one kind that take little memory."""
from collections.abc import Iterable


class array:
    """Numbers of one kind: 'b' 'B' (1 byte), 'h' 'H' (2), 'i' 'I' (4), 'q' 'Q' (8), 'f' 'd' (floats); capitals have no sign."""
    def __init__(self, typecode: str, items: Iterable[float] = ...) -> None:
        """An array of this kind with these numbers."""
    def append(self, x: float) -> None:
        """Puts a number at the end."""
    def extend(self, items: Iterable[float]) -> None:
        """Puts several numbers at the end."""

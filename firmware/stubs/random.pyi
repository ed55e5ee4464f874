"""Numbers by chance."""
from typing import Any


def random() -> float:
    """A number from 0 up to 1, without 1."""
def randint(a: int, b: int) -> int:
    """An int from a to b, both included."""
def randrange(start: int, stop: int = ..., step: int = 1) -> int:
    """An int out of range(start, stop, step)."""
def uniform(a: float, b: float) -> float:
    """A number between a and b."""
def choice(sequence: Any) -> Any:
    """One item of a list, a tuple or a text."""
def getrandbits(n: int) -> int:
    """An int of n bits, at most 32."""
def seed(n: int | None = None) -> None:
    """Starts a series of numbers that is the same each time for the same n."""

"""More containers."""
from collections.abc import Iterable
from typing import Any


class deque:
    """A queue of limited length: items go in and out at both ends."""
    def __init__(self, iterable: Iterable[Any], maxlen: int, flags: int = 0) -> None:
        """A queue of at most maxlen items; when it is full the oldest is lost, with flags 1 IndexError comes instead."""
    def append(self, x: Any) -> None:
        """Puts an item at the end."""
    def appendleft(self, x: Any) -> None:
        """Puts an item at the beginning."""
    def extend(self, iterable: Iterable[Any]) -> None:
        """Puts several items at the end."""
    def pop(self) -> Any:
        """Takes the last item out and gives it; IndexError if there is none."""
    def popleft(self) -> Any:
        """Takes the first item out and gives it; IndexError if there is none."""


class OrderedDict(dict):
    """A dict that keeps the order in which keys came."""
    def __init__(self, items: Any = ..., **kwargs: Any) -> None:
        """A dict of pairs, or of names with values."""


def namedtuple(name: str, fields: tuple[str, ...] | str) -> type:
    """A class of tuples whose items have names: Point = namedtuple('Point', ('x', 'y'))."""

"""Waiting for several streams at once."""
from collections.abc import Iterator
from typing import Any, type_check_only

POLLIN: int
"""There is something to read."""
POLLOUT: int
"""Something can be written."""
POLLERR: int
"""Something went wrong."""
POLLHUP: int
"""The other end has closed."""


@type_check_only
class Poll:
    """Streams that are waited for."""
    def register(self, stream: Any, events: int = 5) -> None:
        """Waits for this stream as well: select.POLLIN, select.POLLOUT or both."""
    def unregister(self, stream: Any) -> None:
        """Does not wait for this stream any more."""
    def modify(self, stream: Any, events: int) -> None:
        """Changes what is waited for."""
    def poll(self, timeout: int = -1) -> list[tuple]:
        """Waits at most so many milliseconds and gives pairs of a stream and what it is ready for."""
    def ipoll(self, timeout: int = -1, flags: int = 0) -> Iterator[tuple]:
        """As poll(), without taking memory; with flags 1 a stream is told once."""


def poll() -> Poll:
    """An object that waits for streams."""
def select(r: list, w: list, x: list, timeout: float = ...) -> tuple[list, list, list]:
    """Waits at most so many seconds: which can be read, which written, which have gone wrong."""

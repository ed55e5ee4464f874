"""A list whose smallest item is always at hand."""
from typing import Any


def heappush(heap: list, item: Any) -> None:
    """Puts an item in."""
def heappop(heap: list) -> Any:
    """Takes the smallest item out."""
def heapify(heap: list) -> None:
    """Brings a list into the order that heappush() and heappop() need."""

"""Values as text, and back, in the form that the web uses."""
from typing import Any


def dumps(value: Any, *, separators: tuple[str, str] | None = None) -> str:
    """A value as JSON: dicts, lists, texts, numbers, True, False, None."""
def dump(value: Any, stream: Any, *, separators: tuple[str, str] | None = None) -> None:
    """Writes a value as JSON into an open file or another stream."""
def loads(text: str | bytes) -> Any:
    """The value that a JSON text stands for; ValueError if it is none."""
def load(stream: Any) -> Any:
    """Reads JSON from an open file or another stream and gives its value."""

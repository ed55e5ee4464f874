"""Unpacking what was compressed."""
from typing import Any

AUTO: int
"""The format is found out."""
RAW: int
"""Nothing around it."""
ZLIB: int
"""The format of zlib."""
GZIP: int
"""The format of gzip."""


class DeflateIO:
    """A stream that unpacks what another one has."""
    def __init__(self, stream: Any, format: int = 0, wbits: int = 0, close: bool = False) -> None:
        """Unpacks what the stream has; with `close` it is closed as well."""
    def read(self, n: int = ...) -> bytes:
        """Reads n bytes, or everything."""
    def readinto(self, buffer: bytearray, n: int = ...) -> int:
        """Fills the buffer and says with how many bytes."""
    def readline(self, n: int = ...) -> bytes:
        """Reads a line with its end."""
    def close(self) -> None:
        """Ends work with it and frees its memory."""

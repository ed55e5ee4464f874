"""Streams: what can be read and written as a file can."""
from typing import Any, type_check_only


@type_check_only
class File:
    """An open file; `with open(…) as f:` closes it by itself."""
    def read(self, n: int = -1) -> str:
        """Reads n characters (bytes with mode 'b'), or everything; it is empty at the end."""
    def readinto(self, buffer: bytearray, n: int = ...) -> int:
        """Fills the buffer and says with how many bytes."""
    def readline(self, n: int = -1) -> str:
        """Reads a line with its end; it is empty at the end of the file."""
    def readlines(self) -> list[str]:
        """Reads all lines."""
    def write(self, data: str, a: int = ..., b: int = ...) -> int:
        """Writes a text (bytes with mode 'b') and says how long it is."""
    def seek(self, offset: int, whence: int = 0) -> int:
        """Goes to a place: counted from the beginning (0), from here (1) or from the end (2)."""
    def tell(self) -> int:
        """The place where it reads and writes."""
    def flush(self) -> None:
        """Writes to the flash what is not written yet."""
    def close(self) -> None:
        """Ends work with the file; only then everything is on the flash."""


class IOBase:
    """To derive from: a class with readinto(), write() and ioctl() that is a stream."""
    def __init__(self) -> None: ...


class StringIO:
    """A text in memory that is read and written as a file."""
    def __init__(self, text: str = "", alloc_size: int = ...) -> None:
        """A stream that begins with this text."""
    def read(self, n: int = -1) -> str:
        """Reads n characters, or everything."""
    def readinto(self, buffer: bytearray, n: int = ...) -> int:
        """Fills the buffer and says with how many bytes."""
    def readline(self, n: int = -1) -> str:
        """Reads a line with its end."""
    def write(self, data: str, a: int = ..., b: int = ...) -> int:
        """Writes a text and says how long it is."""
    def seek(self, offset: int, whence: int = 0) -> int:
        """Goes to a place: counted from the beginning (0), from here (1) or from the end (2)."""
    def tell(self) -> int:
        """The place where it reads and writes."""
    def getvalue(self) -> str:
        """All of the text."""
    def flush(self) -> None:
        """Does nothing."""
    def close(self) -> None:
        """Ends work with the stream and frees its memory."""


class BytesIO:
    """Bytes in memory that are read and written as a file."""
    def __init__(self, data: bytes = b"", alloc_size: int = ...) -> None:
        """A stream that begins with these bytes."""
    def read(self, n: int = -1) -> bytes:
        """Reads n bytes, or everything."""
    def readinto(self, buffer: bytearray, n: int = ...) -> int:
        """Fills the buffer and says with how many bytes."""
    def readline(self, n: int = -1) -> bytes:
        """Reads a line with its end."""
    def write(self, data: bytes, a: int = ..., b: int = ...) -> int:
        """Writes bytes and says how many."""
    def seek(self, offset: int, whence: int = 0) -> int:
        """Goes to a place: counted from the beginning (0), from here (1) or from the end (2)."""
    def tell(self) -> int:
        """The place where it reads and writes."""
    def getvalue(self) -> bytes:
        """All of the bytes."""
    def flush(self) -> None:
        """Does nothing."""
    def close(self) -> None:
        """Ends work with the stream and frees its memory."""


class BufferedWriter:
    """Gathers what is written and hands it on in larger pieces."""
    def __init__(self, stream: Any, buffer_size: int) -> None:
        """Writes to the stream whenever so many bytes have come together."""
    def write(self, data: bytes, a: int = ..., b: int = ...) -> int:
        """Writes bytes and says how many."""
    def flush(self) -> None:
        """Hands on what was gathered."""

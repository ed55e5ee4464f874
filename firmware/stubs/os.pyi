"""Files and folders of the board."""
from collections.abc import Iterator
from typing import Any

from vfs import VfsFat as VfsFat, VfsLfs2 as VfsLfs2
from vfs import mount as mount, umount as umount

sep: str
"""What separates the parts of a path: '/'."""


def listdir(path: str = ...) -> list[str]:
    """The names in a folder."""
def ilistdir(path: str = ...) -> Iterator[tuple]:
    """Name, kind (0x4000 is a folder, 0x8000 a file), 0 and size of what is in a folder, one after the other."""
def mkdir(path: str) -> None:
    """Makes a folder."""
def rmdir(path: str) -> None:
    """Removes an empty folder."""
def remove(path: str) -> None:
    """Removes a file."""
def unlink(path: str) -> None:
    """Removes a file, as remove() does."""
def rename(old: str, new: str) -> None:
    """Gives a file or a folder another name or place."""
def stat(path: str) -> tuple:
    """Facts about a file or a folder: [0] is its kind, [6] its size in bytes, [8] when it was changed."""
def statvfs(path: str) -> tuple:
    """Facts about the file system: [0] is the size of a block in bytes, [2] how many there are, [3] how many are free."""
def chdir(path: str) -> None:
    """Makes this the folder in which names without a path are."""
def getcwd() -> str:
    """The folder in which names without a path are."""
def sync() -> None:
    """Writes to the flash what is not written yet."""
def uname() -> tuple:
    """Name, version and board of the firmware."""
def urandom(n: int) -> bytes:
    """So many bytes by chance."""
def dupterm(stream: Any, index: int = 0) -> Any:
    """Puts another stream beside the terminal; None takes it away."""
def dupterm_notify(x: Any) -> None:
    """Says that something was typed at the stream beside the terminal."""

"""File systems, and where they are in the tree of files."""
from collections.abc import Iterator
from typing import Any


class VfsFat:
    """A FAT file system, as on memory cards."""
    def __init__(self, device: Any) -> None:
        """The file system on a block device, for mount()."""
    @staticmethod
    def mkfs(device: Any) -> None:
        """Makes an empty file system; all that was there is gone."""
    def open(self, path: str, mode: str) -> Any:
        """Opens a file."""
    def ilistdir(self, path: str = ...) -> Iterator[tuple]:
        """What is in a folder."""
    def mkdir(self, path: str) -> None:
        """Makes a folder."""
    def rmdir(self, path: str) -> None:
        """Removes an empty folder."""
    def remove(self, path: str) -> None:
        """Removes a file."""
    def rename(self, old: str, new: str) -> None:
        """Gives a file or a folder another name or place."""
    def chdir(self, path: str) -> None:
        """Makes this the folder in which names without a path are."""
    def getcwd(self) -> str:
        """The folder in which names without a path are."""
    def stat(self, path: str) -> tuple:
        """Facts about a file or a folder."""
    def statvfs(self, path: str) -> tuple:
        """Facts about the file system."""
    def mount(self, readonly: bool, mkfs: bool) -> None:
        """What mount() asks of it."""
    def umount(self) -> None:
        """What umount() asks of it."""


class VfsLfs2(VfsFat):
    """A littlefs file system, as on the board's flash."""
    def __init__(self, device: Any, readsize: int = ..., progsize: int = ..., lookahead: int = ..., mtime: bool = ...) -> None:
        """The file system on a block device, for mount()."""
    @staticmethod
    def mkfs(device: Any, readsize: int = ..., progsize: int = ..., lookahead: int = ...) -> None:
        """Makes an empty file system; all that was there is gone."""


def mount(object: Any = ..., point: str = ..., *, readonly: bool = False, mkfs: bool = False) -> Any:
    """Puts a file system into the tree of files, such as mount(sd, '/sd'); without arguments it says what is there."""
def umount(point: Any) -> None:
    """Takes a file system out of the tree of files."""

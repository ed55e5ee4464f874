"""The interpreter: its streams, paths, version."""
from typing import Any, type_check_only


@type_check_only
class Stream:
    """What is typed, or the terminal."""
    @property
    def buffer(self) -> Stream:
        """The same stream in bytes."""
    def read(self, n: int = ...) -> str:
        """Reads n characters."""
    def readline(self, n: int = ...) -> str:
        """Reads a line with its end."""
    def readinto(self, buffer: bytearray, n: int = ...) -> int:
        """Fills the buffer and says with how many bytes."""
    def write(self, data: str, n: int = ...) -> int:
        """Writes a text and says how long it is."""
    def flush(self) -> None:
        """Does nothing: everything is written at once."""
    def close(self) -> None:
        """Does nothing."""
    def ioctl(self, request: int, arg: int) -> int:
        """What streams are asked, for select and asyncio."""


argv: list[str]
"""What the program was started with."""
byteorder: str
"""Which byte of a number comes first: 'little'."""
implementation: tuple
"""Name and version of this Python, and what board it is on."""
maxsize: int
"""The largest number that fits into a word of the chip."""
modules: dict
"""The modules that were imported, by name."""
path: list[str]
"""Where modules are looked for."""
platform: str
"""What it runs on: 'esp32'."""
stdin: Stream
"""What is typed."""
stdout: Stream
"""The terminal."""
stderr: Stream
"""The terminal."""
version: str
"""The version of the language, and of the firmware."""
version_info: tuple
"""The version of the language in numbers."""


def exit(status: Any = 0) -> None:
    """Ends the program."""
def print_exception(exception: BaseException, file: Any = ...) -> None:
    """Prints an exception with the lines where it came from."""

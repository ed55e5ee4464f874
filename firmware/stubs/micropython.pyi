"""How programs are compiled, and the interpreter's insides."""
from collections.abc import Callable
from typing import Any


class RingIO:
    """Bytes that wait in a ring, for an interrupt and the program."""
    def __init__(self, size: int | bytearray) -> None:
        """A ring of so many bytes."""
    def any(self) -> int:
        """How many bytes wait."""
    def read(self, n: int = ...) -> bytes:
        """Takes n bytes out, or all."""
    def readline(self, n: int = ...) -> bytes:
        """Takes a line out with its end."""
    def readinto(self, buffer: bytearray, n: int = ...) -> int:
        """Fills the buffer and says with how many bytes."""
    def write(self, data: bytes, a: int = ..., b: int = ...) -> int:
        """Puts bytes in and says how many had room."""
    def close(self) -> None:
        """Does nothing."""
    def ioctl(self, request: int, arg: int) -> int:
        """What streams are asked, for select and asyncio."""


def const(x: int) -> int:
    """A number that does not change: LED = const(2) takes no memory for the name."""
def native(f: Callable[..., Any]) -> Callable[..., Any]:
    """@micropython.native before a function: it becomes machine code."""
def viper(f: Callable[..., Any]) -> Callable[..., Any]:
    """@micropython.viper before a function: machine code with the chip's own numbers, faster still."""
def bytecode(f: Callable[..., Any]) -> Callable[..., Any]:
    """@micropython.bytecode before a function: it stays as functions are."""
def schedule(f: Callable[[Any], Any], arg: Any) -> None:
    """Calls f(arg) soon: for interrupts that have more to do."""
def alloc_emergency_exception_buf(size: int) -> None:
    """Keeps so many bytes (100 are enough), so that exceptions in interrupts can be told."""
def opt_level(level: int = ...) -> int:
    """What the compiler leaves out: 0 nothing, 1 assertions, 3 numbers of lines as well; with an argument it is set."""
def mem_info(verbose: Any = ...) -> None:
    """Prints how memory is used; with an argument a map of it."""
def qstr_info(verbose: Any = ...) -> None:
    """Prints how many names there are; with an argument all of them."""
def stack_use() -> int:
    """How many bytes calls take now."""
def heap_lock() -> None:
    """From now on taking memory is an error."""
def heap_unlock() -> int:
    """Memory can be taken again."""
def heap_locked() -> int:
    """How often heap_lock() was called more than heap_unlock()."""
def kbd_intr(c: int) -> None:
    """The character that stops a program: 3 is Ctrl-C, -1 none."""

"""What is there without an import."""
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import io


class object:
    """What every object is."""
    def __init__(self) -> None: ...


class type:
    """The class of a value; isinstance() asks whether it is of one."""
    def __init__(self, x: Any, bases: tuple = ..., names: dict = ...) -> None:
        """The class of x; with three arguments a new class: its name, bases and content."""


class int:
    """A whole number of any size."""
    def __init__(self, x: Any = 0, base: int = 10) -> None:
        """A number from a text (in this base: 2, 8, 10, 16 …), or a float without what is after its point."""
    @classmethod
    def from_bytes(cls, bytes: bytes, byteorder: str = "big", signed: bool = False) -> int:
        """The number that these bytes are, 'big' or 'little' end first."""
    def to_bytes(self, length: int = 1, byteorder: str = "big", *, signed: bool = False) -> bytes:
        """The number as so many bytes, 'big' or 'little' end first."""


class float:
    """A number with a point; on this board 32 bits, about seven digits."""
    def __init__(self, x: Any = 0.0) -> None:
        """A number from a text or another number."""


class complex:
    """A complex number."""
    def __init__(self, real: Any = 0, imag: float = 0) -> None:
        """A complex number of its two parts, or from a text."""


class bool(int):
    """True or False."""
    def __init__(self, x: Any = False) -> None:
        """Whether x is true: not zero, not empty, not None."""


class str:
    """A text. It cannot be changed: methods give a new one."""
    def __init__(self, x: Any = "", encoding: str = ..., errors: str = ...) -> None:
        """x as a text; of bytes with an encoding, such as 'utf-8', the text that they are."""
    def center(self, width: int) -> str:
        """The text in the middle of so many characters."""
    def count(self, sub: str, start: int = ..., end: int = ...) -> int:
        """How often another text is in it."""
    def encode(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        """The text as bytes."""
    def endswith(self, suffix: str | tuple, start: int = ..., end: int = ...) -> bool:
        """Whether it ends like this."""
    def find(self, sub: str, start: int = ..., end: int = ...) -> int:
        """Where another text is in it for the first time, counted from 0; -1 if nowhere."""
    def format(self, *args: Any, **kwargs: Any) -> str:
        """The text with values in place of {}: '{:.1f} °C'.format(21.53) is '21.5 °C'."""
    def index(self, sub: str, start: int = ..., end: int = ...) -> int:
        """As find(), but ValueError if it is nowhere."""
    def isalpha(self) -> bool:
        """Whether all characters are letters."""
    def isdigit(self) -> bool:
        """Whether all characters are digits."""
    def islower(self) -> bool:
        """Whether all letters are small."""
    def isspace(self) -> bool:
        """Whether all characters are spaces, tabs or ends of lines."""
    def isupper(self) -> bool:
        """Whether all letters are capital."""
    def join(self, items: Iterable[str]) -> str:
        """Texts put together, with this one between them: ', '.join(['a', 'b']) is 'a, b'."""
    def lower(self) -> str:
        """The text in small letters."""
    def upper(self) -> str:
        """The text in capital letters."""
    def strip(self, chars: str = ...) -> str:
        """The text without spaces and ends of lines at both ends, or without these characters there."""
    def lstrip(self, chars: str = ...) -> str:
        """The text without spaces at its beginning, or without these characters there."""
    def rstrip(self, chars: str = ...) -> str:
        """The text without spaces and ends of lines at its end, or without these characters there."""
    def partition(self, sep: str) -> tuple[str, str, str]:
        """What is before the first separator, the separator, and what is after it."""
    def rpartition(self, sep: str) -> tuple[str, str, str]:
        """What is before the last separator, the separator, and what is after it."""
    def replace(self, old: str, new: str, count: int = -1) -> str:
        """The text with one part replaced by another, everywhere or so many times."""
    def rfind(self, sub: str, start: int = ..., end: int = ...) -> int:
        """Where another text is in it for the last time; -1 if nowhere."""
    def rindex(self, sub: str, start: int = ..., end: int = ...) -> int:
        """As rfind(), but ValueError if it is nowhere."""
    def split(self, sep: str | None = None, maxsplit: int = -1) -> list[str]:
        """The parts between spaces, or between separators: '1,2'.split(',') is ['1', '2']."""
    def rsplit(self, sep: str | None = None, maxsplit: int = -1) -> list[str]:
        """As split(), but counted from the end."""
    def splitlines(self, keepends: bool = False) -> list[str]:
        """The lines."""
    def startswith(self, prefix: str | tuple, start: int = ..., end: int = ...) -> bool:
        """Whether it begins like this."""


class bytes:
    """Bytes, numbers from 0 to 255. They cannot be changed: methods give new ones."""
    def __init__(self, x: Any = b"", encoding: str = ..., errors: str = ...) -> None:
        """So many zeros, or these numbers as bytes; of a text with an encoding, such as 'utf-8', its bytes."""
    def center(self, width: int) -> bytes:
        """The bytes in the middle of so many."""
    def count(self, sub: bytes, start: int = ..., end: int = ...) -> int:
        """How often others are in them."""
    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """The text that the bytes are."""
    def endswith(self, suffix: bytes | tuple, start: int = ..., end: int = ...) -> bool:
        """Whether they end like this."""
    def find(self, sub: bytes, start: int = ..., end: int = ...) -> int:
        """Where others are in them for the first time, counted from 0; -1 if nowhere."""
    def format(self, *args: Any, **kwargs: Any) -> bytes:
        """The bytes with values in place of {}."""
    @classmethod
    def fromhex(cls, text: str) -> bytes:
        """The bytes of a text of hexadecimal digits."""
    def hex(self, sep: str = ...) -> str:
        """The bytes as hexadecimal digits, with something between each two if wanted."""
    def index(self, sub: bytes, start: int = ..., end: int = ...) -> int:
        """As find(), but ValueError if they are nowhere."""
    def isalpha(self) -> bool:
        """Whether all are letters."""
    def isdigit(self) -> bool:
        """Whether all are digits."""
    def islower(self) -> bool:
        """Whether all letters are small."""
    def isspace(self) -> bool:
        """Whether all are spaces, tabs or ends of lines."""
    def isupper(self) -> bool:
        """Whether all letters are capital."""
    def join(self, items: Iterable[bytes]) -> bytes:
        """Bytes put together, with these between them."""
    def lower(self) -> bytes:
        """The bytes in small letters."""
    def upper(self) -> bytes:
        """The bytes in capital letters."""
    def strip(self, chars: bytes = ...) -> bytes:
        """The bytes without spaces and ends of lines at both ends, or without these."""
    def lstrip(self, chars: bytes = ...) -> bytes:
        """The bytes without spaces at their beginning, or without these."""
    def rstrip(self, chars: bytes = ...) -> bytes:
        """The bytes without spaces and ends of lines at their end, or without these."""
    def partition(self, sep: bytes) -> tuple[bytes, bytes, bytes]:
        """What is before the first separator, the separator, and what is after it."""
    def rpartition(self, sep: bytes) -> tuple[bytes, bytes, bytes]:
        """What is before the last separator, the separator, and what is after it."""
    def replace(self, old: bytes, new: bytes, count: int = -1) -> bytes:
        """The bytes with one part replaced by another, everywhere or so many times."""
    def rfind(self, sub: bytes, start: int = ..., end: int = ...) -> int:
        """Where others are in them for the last time; -1 if nowhere."""
    def rindex(self, sub: bytes, start: int = ..., end: int = ...) -> int:
        """As rfind(), but ValueError if they are nowhere."""
    def split(self, sep: bytes | None = None, maxsplit: int = -1) -> list[bytes]:
        """The parts between spaces, or between separators."""
    def rsplit(self, sep: bytes | None = None, maxsplit: int = -1) -> list[bytes]:
        """As split(), but counted from the end."""
    def splitlines(self, keepends: bool = False) -> list[bytes]:
        """The lines."""
    def startswith(self, prefix: bytes | tuple, start: int = ..., end: int = ...) -> bool:
        """Whether they begin like this."""


class bytearray(bytes):
    """Bytes that can be changed."""
    def __init__(self, x: Any = b"", encoding: str = ..., errors: str = ...) -> None:
        """So many zeros, or these numbers as bytes; of a text with an encoding, such as 'utf-8', its bytes."""
    def append(self, x: int) -> None:
        """Puts a byte at the end."""
    def extend(self, items: Iterable[int]) -> None:
        """Puts several bytes at the end."""


class memoryview:
    """A part of bytes that is seen, and changed, without a copy."""
    def __init__(self, x: bytes) -> None:
        """All of these bytes, bytearray or array; a slice of it is a part of them."""
    def hex(self, sep: str = ...) -> str:
        """The bytes as hexadecimal digits, with something between each two if wanted."""


class list:
    """Items in a row, that can be changed."""
    def __init__(self, items: Iterable[Any] = ...) -> None:
        """A list of these items."""
    def append(self, x: Any) -> None:
        """Puts an item at the end."""
    def clear(self) -> None:
        """Removes all items."""
    def copy(self) -> list:
        """Another list of the same items."""
    def count(self, x: Any) -> int:
        """How often an item is in it."""
    def extend(self, items: Iterable[Any]) -> None:
        """Puts several items at the end."""
    def index(self, x: Any, start: int = ..., stop: int = ...) -> int:
        """Where an item is for the first time, counted from 0; ValueError if nowhere."""
    def insert(self, i: int, x: Any) -> None:
        """Puts an item before the one at this place."""
    def pop(self, i: int = -1) -> Any:
        """Takes the last item out and gives it, or the one at this place."""
    def remove(self, x: Any) -> None:
        """Removes an item where it is for the first time; ValueError if it is not in it."""
    def reverse(self) -> None:
        """Turns the order round, in this list itself."""
    def sort(self, *, key: Callable[[Any], Any] | None = None, reverse: bool = False) -> None:
        """Sorts this list itself: by what `key` gives for an item, and from large to small with `reverse`."""


class tuple:
    """Items in a row, that cannot be changed."""
    def __init__(self, items: Iterable[Any] = ...) -> None:
        """A tuple of these items."""
    def count(self, x: Any) -> int:
        """How often an item is in it."""
    def index(self, x: Any, start: int = ..., stop: int = ...) -> int:
        """Where an item is for the first time, counted from 0; ValueError if nowhere."""


class dict:
    """Values by their keys."""
    def __init__(self, items: Any = ..., **kwargs: Any) -> None:
        """A dict of another dict, of pairs, or of names with values: dict(a=1)."""
    def clear(self) -> None:
        """Removes everything."""
    def copy(self) -> dict:
        """Another dict with the same content."""
    @classmethod
    def fromkeys(cls, keys: Iterable[Any], value: Any = None) -> dict:
        """A dict with these keys, and the same value for all."""
    def get(self, key: Any, default: Any = None) -> Any:
        """The value of a key, or the default if there is no such key."""
    def items(self) -> Iterable[tuple]:
        """Pairs of key and value: for key, value in d.items()."""
    def keys(self) -> Iterable[Any]:
        """The keys."""
    def values(self) -> Iterable[Any]:
        """The values."""
    def pop(self, key: Any, default: Any = ...) -> Any:
        """Takes a key out and gives its value, or the default if there is no such key."""
    def popitem(self) -> tuple:
        """Takes out a key with its value and gives both."""
    def setdefault(self, key: Any, default: Any = None) -> Any:
        """The value of a key; if there is no such key, the default becomes its value."""
    def update(self, other: Any = ..., **kwargs: Any) -> None:
        """Takes over what is in another dict, or names with values."""


class set:
    """Values without order, each only once."""
    def __init__(self, items: Iterable[Any] = ...) -> None:
        """A set of these items."""
    def add(self, x: Any) -> None:
        """Puts a value into it."""
    def clear(self) -> None:
        """Removes all values."""
    def copy(self) -> set:
        """Another set of the same values."""
    def discard(self, x: Any) -> None:
        """Removes a value if it is in it."""
    def remove(self, x: Any) -> None:
        """Removes a value; KeyError if it is not in it."""
    def pop(self) -> Any:
        """Takes some value out and gives it."""
    def update(self, *others: Iterable[Any]) -> None:
        """Takes over all values of others."""
    def union(self, other: Iterable[Any]) -> set:
        """What is in this or in the other."""
    def intersection(self, other: Iterable[Any]) -> set:
        """What is in both."""
    def intersection_update(self, other: Iterable[Any]) -> None:
        """Keeps only what is in the other as well."""
    def difference(self, *others: Iterable[Any]) -> set:
        """What is in this and not in the others."""
    def difference_update(self, *others: Iterable[Any]) -> None:
        """Removes what is in the others."""
    def symmetric_difference(self, other: Iterable[Any]) -> set:
        """What is in only one of both."""
    def symmetric_difference_update(self, other: Iterable[Any]) -> None:
        """Keeps what is in only one of both."""
    def isdisjoint(self, other: Iterable[Any]) -> bool:
        """Whether they have nothing in common."""
    def issubset(self, other: Iterable[Any]) -> bool:
        """Whether all of it is in the other."""
    def issuperset(self, other: Iterable[Any]) -> bool:
        """Whether all of the other is in it."""


class frozenset(set):
    """A set that cannot be changed."""
    def __init__(self, items: Iterable[Any] = ...) -> None:
        """A frozenset of these items."""


class range:
    """Whole numbers in a row: range(3) is 0, 1, 2."""
    def __init__(self, start: int, stop: int = ..., step: int = 1) -> None:
        """Numbers from start up to stop, without stop; with one argument from 0 up to that."""


class slice:
    """What stands in brackets as 1:5:2."""
    def indices(self, length: int) -> tuple[int, int, int]:
        """Start, stop and step for something of this length."""


class enumerate:
    """Items with their number: for i, item in enumerate(items)."""
    def __init__(self, items: Iterable[Any], start: int = 0) -> None:
        """Pairs of a number, counted from start, and an item."""


class filter:
    """Items that fit."""
    def __init__(self, function: Callable[[Any], Any] | None, items: Iterable[Any]) -> None:
        """The items for which the function gives something true; with None the items that are true."""


class map:
    """What a function makes of items."""
    def __init__(self, function: Callable[..., Any], *items: Iterable[Any]) -> None:
        """What the function gives for each item."""


class zip:
    """Items of several rows, together."""
    def __init__(self, *items: Iterable[Any]) -> None:
        """Tuples of the first items, of the second ones and so on, as long as all have one."""


class reversed:
    """Items from the last to the first."""
    def __init__(self, items: Any) -> None:
        """The items of a list, tuple or text from the last to the first."""


class property:
    """An attribute that is computed: @property before a method."""
    def __init__(self, get: Callable[..., Any] = ..., set: Callable[..., Any] = ..., delete: Callable[..., Any] = ...) -> None:
        """An attribute whose value this function gives."""
    def getter(self, f: Callable[..., Any]) -> property:
        """The same attribute with another function that gives its value."""
    def setter(self, f: Callable[..., Any]) -> property:
        """The same attribute with a function that sets its value."""
    def deleter(self, f: Callable[..., Any]) -> property:
        """The same attribute with a function that deletes it."""


class classmethod:
    """@classmethod before a method: it gets the class instead of an object."""
    def __init__(self, f: Callable[..., Any]) -> None: ...


class staticmethod:
    """@staticmethod before a method: it gets neither class nor object."""
    def __init__(self, f: Callable[..., Any]) -> None: ...


class super:
    """The methods of the class that this one derives from: super().__init__()."""
    def __init__(self, cls: type = ..., x: Any = ...) -> None: ...


class BaseException:
    """What all exceptions are."""
    @property
    def args(self) -> tuple:
        """What it was raised with."""
    def __init__(self, *args: Any) -> None: ...


class Exception(BaseException):
    """What all exceptions are but those that end the program; a program's own derive from it."""


class ArithmeticError(Exception):
    """A calculation that cannot be."""


class AssertionError(Exception):
    """What was asserted is not so."""


class AttributeError(Exception):
    """There is no attribute of this name."""


class EOFError(Exception):
    """There is nothing more to read."""


class GeneratorExit(BaseException):
    """A generator is closed."""


class ImportError(Exception):
    """There is no module of this name, or no such name in it."""


class LookupError(Exception):
    """Something was not found: IndexError or KeyError."""


class IndexError(LookupError):
    """There is no item at this place."""


class KeyError(LookupError):
    """There is no such key."""


class KeyboardInterrupt(BaseException):
    """Ctrl-C was pressed."""


class MemoryError(Exception):
    """There is not enough memory."""


class NameError(Exception):
    """There is no variable of this name."""


class NotImplementedError(Exception):
    """This was left to be written."""


class OSError(Exception):
    """The system says no; `errno` is its number."""
    @property
    def errno(self) -> int:
        """The number of what went wrong, as in the module errno."""


class OverflowError(ArithmeticError):
    """A number is too large."""


class RuntimeError(Exception):
    """Something else went wrong."""


class StopAsyncIteration(Exception):
    """There are no more items to wait for."""


class StopIteration(Exception):
    """There are no more items."""
    @property
    def value(self) -> Any:
        """What the generator returned."""


class SyntaxError(Exception):
    """This is not Python."""


class IndentationError(SyntaxError):
    """A line begins at the wrong column."""


class SystemExit(BaseException):
    """The program ends."""


class TypeError(Exception):
    """A value of this kind does not fit here."""


class ValueError(Exception):
    """The value does not fit here."""


class UnicodeError(ValueError):
    """These bytes are no text."""


class ViperTypeError(TypeError):
    """Types in a function with @micropython.viper do not fit."""


class ZeroDivisionError(ArithmeticError):
    """Something was divided by zero."""


Ellipsis: Any
"""What `...` is."""
NotImplemented: Any
"""What an operator gives that does not know the other operand."""


def abs(x: Any) -> Any:
    """The number without its sign."""
def all(items: Iterable[Any]) -> bool:
    """Whether all items are true."""
def any(items: Iterable[Any]) -> bool:
    """Whether at least one item is true."""
def bin(x: int) -> str:
    """The number in binary: bin(5) is '0b101'."""
def callable(x: Any) -> bool:
    """Whether x can be called."""
def chr(x: int) -> str:
    """The character of this number: chr(65) is 'A'."""
def compile(source: str, file: str, mode: str, *args: Any) -> Any:
    """A program from its text, for exec() and eval(); mode is 'exec', 'eval' or 'single'."""
def delattr(x: Any, name: str) -> None:
    """Deletes the attribute of this name."""
def dir(x: Any = ...) -> list[str]:
    """The names in x; without an argument the names that are there now."""
def divmod(x: Any, y: Any) -> tuple:
    """The quotient without its fraction, and what is left."""
def eval(source: Any, globals: dict = ..., locals: dict = ...) -> Any:
    """The value of an expression that is in a text."""
def exec(source: Any, globals: dict = ..., locals: dict = ...) -> None:
    """Runs the program that is in a text."""
def execfile(file: str, globals: dict = ..., locals: dict = ...) -> None:
    """Runs the program that is in a file of the board."""
def exit(*args: Any) -> None:
    """Ends the program."""
def quit(*args: Any) -> None:
    """Ends the program."""
def getattr(x: Any, name: str, default: Any = ...) -> Any:
    """The attribute of this name, or the default if there is none."""
def globals() -> dict:
    """The variables of the module."""
def hasattr(x: Any, name: str) -> bool:
    """Whether x has an attribute of this name."""
def hash(x: Any) -> int:
    """A number that is the same for equal values."""
def help(x: Any = ...) -> None:
    """Prints what is in x; help('modules') prints which modules there are."""
def hex(x: int) -> str:
    """The number in hexadecimal: hex(255) is '0xff'."""
def id(x: Any) -> int:
    """A number that no other object has now."""
def input(prompt: str = "") -> str:
    """Prints the prompt and waits for a line that is typed."""
def isinstance(x: Any, cls: Any) -> bool:
    """Whether x is of this class, or of one of several in a tuple."""
def issubclass(x: type, cls: Any) -> bool:
    """Whether class x derives from this class, or is it."""
def iter(x: Iterable[Any]) -> Iterator[Any]:
    """An iterator over x, for next()."""
def len(x: Any) -> int:
    """How many items, characters or bytes it has."""
def locals() -> dict:
    """The variables of this place; within functions those of the module."""
def max(*items: Any, key: Callable[[Any], Any] = ..., default: Any = ...) -> Any:
    """The largest of several, or of the items of one."""
def min(*items: Any, key: Callable[[Any], Any] = ..., default: Any = ...) -> Any:
    """The smallest of several, or of the items of one."""
def next(it: Iterator[Any], default: Any = ...) -> Any:
    """The next item, or the default if there is none any more."""
def oct(x: int) -> str:
    """The number in octal: oct(8) is '0o10'."""
def open(file: str, mode: str = "r", buffering: int = ..., encoding: str | None = ...) -> io.File:
    """Opens a file: mode 'r' reads, 'w' writes anew, 'a' writes on, and 'b' with them is for bytes."""
def ord(c: str) -> int:
    """The number of a character: ord('A') is 65."""
def pow(x: Any, y: Any, m: int = ...) -> Any:
    """x to the power of y, divided by m and what is left of that if m is given."""
def print(*items: Any, sep: str = " ", end: str = "\n", file: Any = ...) -> None:
    """Prints values as text, with `sep` between them and `end` after the last."""
def repr(x: Any) -> str:
    """x as it would be written in a program."""
def round(x: float, digits: int = ...) -> Any:
    """The nearest whole number, or the nearest with so many digits after the point."""
def setattr(x: Any, name: str, value: Any) -> None:
    """Sets the attribute of this name."""
def sorted(items: Iterable[Any], *, key: Callable[[Any], Any] | None = None, reverse: bool = False) -> list:
    """A sorted list of the items: by what `key` gives for an item, and from large to small with `reverse`."""
def sum(items: Iterable[Any], start: Any = 0) -> Any:
    """The sum of the items."""

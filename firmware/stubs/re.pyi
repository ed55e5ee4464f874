"""Patterns in texts: . any character, * any number, + at least one, ? perhaps one, [a-z] one of these, ^ beginning, $ end, ( ) a group."""
from collections.abc import Callable
from typing import Any, type_check_only


@type_check_only
class Pattern:
    """A pattern that was compiled, for using it more than once."""
    def match(self, text: str, start: int = ..., end: int = ...) -> Match | None:
        """The match at the beginning of the text; None if there is none."""
    def search(self, text: str, start: int = ..., end: int = ...) -> Match | None:
        """The first match anywhere in the text; None if there is none."""
    def split(self, text: str, max: int = -1) -> list[str]:
        """The parts of the text between matches."""
    def sub(self, replace: str | Callable[[Match], str], text: str, count: int = 0, flags: int = 0) -> str:
        """The text with matches replaced."""


@type_check_only
class Match:
    """What was found."""
    def group(self, n: int) -> str:
        """All that matched (0), or what a group of the pattern matched (1 and more)."""


def compile(pattern: str, flags: int = 0) -> Pattern:
    """Prepares a pattern that is used more than once."""
def match(pattern: str | Pattern, text: str, start: int = ..., end: int = ...) -> Match | None:
    """The match at the beginning of the text; None if there is none."""
def search(pattern: str | Pattern, text: str, start: int = ..., end: int = ...) -> Match | None:
    """The first match anywhere in the text; None if there is none."""
def sub(pattern: str | Pattern, replace: str | Callable[[Match], str], text: str, count: int = 0, flags: int = 0) -> str:
    """The text with matches replaced."""

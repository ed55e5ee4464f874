"""Threads: functions that run at the same time."""
from collections.abc import Callable
from typing import Any


class LockType:
    """What one thread at a time can have: with lock."""
    def acquire(self, waitflag: int = 1, timeout: float = -1) -> bool:
        """Waits until nobody has it, and takes it."""
    def release(self) -> None:
        """Gives it back."""
    def locked(self) -> bool:
        """Whether somebody has it."""


def start_new_thread(function: Callable[..., Any], args: tuple, kwargs: dict = ...) -> int:
    """Runs a function in a thread of its own, with these arguments: start_new_thread(f, (1, 2))."""
def allocate_lock() -> LockType:
    """A lock that nobody has."""
def get_ident() -> int:
    """The thread's number."""
def exit() -> None:
    """Ends the thread."""
def stack_size(size: int = ...) -> int:
    """How many bytes the calls of new threads may take; with an argument it is set."""

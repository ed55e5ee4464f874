"""Switches and push buttons for programs with asyncio."""
from collections.abc import Callable
from typing import Any

from machine import Pin
from time import ticks_add as ticks_add, ticks_diff as ticks_diff, ticks_ms as ticks_ms


class Pushbutton:
    """A button on a pin, without bouncing; as it is at the start, it is not pressed."""
    debounce_ms: int
    """How often it is looked at, in milliseconds."""
    long_press_ms: int
    """From how many milliseconds on a press is long."""
    double_click_ms: int
    """Within how many milliseconds two presses are one double click."""
    def __init__(self, pin: Pin, suppress: bool = False) -> None:
        """With `suppress` a long press or a double click is not followed by what release_func() was given."""
    def press_func(self, func: Callable[..., Any], args: tuple = ()) -> None:
        """Calls the function, or starts the coroutine, when the button is pressed."""
    def release_func(self, func: Callable[..., Any], args: tuple = ()) -> None:
        """Calls the function, or starts the coroutine, when the button is let go."""
    def double_func(self, func: Callable[..., Any], args: tuple = ()) -> None:
        """Calls the function, or starts the coroutine, at a double click."""
    def long_func(self, func: Callable[..., Any], args: tuple = ()) -> None:
        """Calls the function, or starts the coroutine, when the button was held for long."""
    def rawstate(self) -> bool:
        """Whether it is pressed now, bouncing included."""


class Switch:
    """A switch on a pin, without bouncing; it is closed while the level is 0."""
    debounce_ms: int
    """How often it is looked at, in milliseconds."""
    def __init__(self, pin: Pin) -> None:
        """The switch on this pin."""
    def open_func(self, func: Callable[..., Any], args: tuple = ()) -> None:
        """Calls the function, or starts the coroutine, when the switch opens."""
    def close_func(self, func: Callable[..., Any], args: tuple = ()) -> None:
        """Calls the function, or starts the coroutine, when the switch closes."""


class Delay_ms:
    """Calls something later; it can be started again before that."""
    def __init__(self, func: Callable[..., Any] | None = None, args: tuple = (), can_alloc: bool = True, duration: int = 1000) -> None:
        """What is called with these arguments after `duration` milliseconds; trigger() starts it."""
    def trigger(self, duration: int = 0) -> None:
        """Starts the time anew: so many milliseconds, or those that it was made with."""
    def stop(self) -> None:
        """Nothing is called any more."""
    def running(self) -> bool:
        """Whether the time runs."""


def launch(func: Callable[..., Any], args: tuple) -> Any:
    """Calls a function with these arguments; a coroutine becomes a task."""

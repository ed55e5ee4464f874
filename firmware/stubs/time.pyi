"""Time: waiting, measuring, the clock."""


def sleep(seconds: float) -> None:
    """Waits so many seconds."""
def sleep_ms(ms: int) -> None:
    """Waits so many milliseconds."""
def sleep_us(us: int) -> None:
    """Waits so many microseconds."""
def ticks_ms() -> int:
    """A clock of milliseconds that starts over now and then: compare with ticks_diff()."""
def ticks_us() -> int:
    """A clock of microseconds that starts over now and then: compare with ticks_diff()."""
def ticks_cpu() -> int:
    """The finest clock there is, which starts over now and then."""
def ticks_add(ticks: int, delta: int) -> int:
    """A time of ticks_ms() or ticks_us(), so much later."""
def ticks_diff(a: int, b: int) -> int:
    """How much later a is than b, both from the same ticks function."""
def time() -> int:
    """Seconds since 1 January 2000, if the clock was set."""
def time_ns() -> int:
    """Nanoseconds since 1 January 2000, if the clock was set."""
def gmtime(seconds: int = ...) -> tuple[int, ...]:
    """Year, month, day, hour, minute, second, weekday (Monday is 0), day of the year; of now if no seconds are given."""
def localtime(seconds: int = ...) -> tuple[int, ...]:
    """The same as gmtime(): the board knows no time zones."""
def mktime(tuple: tuple[int, ...]) -> int:
    """Seconds since 1 January 2000 of a time as localtime() gives it."""

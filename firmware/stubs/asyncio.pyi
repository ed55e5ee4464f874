"""Several tasks that take turns: each goes on until it awaits something."""
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from time import ticks_add as ticks_add, ticks_diff as ticks_diff, ticks_ms as ticks


class Task:
    """A coroutine that runs beside others; await it to get its result."""
    def __init__(self, coro: Coroutine, globals: Any = None) -> None: ...
    def done(self) -> bool:
        """Whether it has ended."""
    def cancel(self) -> bool:
        """Ends it: CancelledError is raised in it."""


class CancelledError(BaseException):
    """The task was cancelled."""


class TimeoutError(Exception):
    """Time has run out, in wait_for()."""


class Event:
    """Something that tasks wait for until another one says that it has happened."""
    def __init__(self) -> None: ...
    def is_set(self) -> bool:
        """Whether it has happened."""
    def set(self) -> None:
        """It has happened: who waits goes on. Not for interrupts."""
    def clear(self) -> None:
        """It has not happened any more."""
    async def wait(self) -> bool:
        """Waits until it happens."""


class ThreadSafeFlag:
    """As Event for one task that waits, and to be set by interrupts as well."""
    def __init__(self) -> None: ...
    def ioctl(self, req: int, flags: int) -> int:
        """What streams are asked, for select and asyncio."""
    def set(self) -> None:
        """It has happened: who waits goes on."""
    def clear(self) -> None:
        """It has not happened any more."""
    async def wait(self) -> None:
        """Waits until it happens, and clears it."""


class Lock:
    """What one task at a time can have: async with lock."""
    def __init__(self) -> None: ...
    def locked(self) -> bool:
        """Whether somebody has it."""
    async def acquire(self) -> bool:
        """Waits until nobody has it, and takes it."""
    def release(self) -> None:
        """Gives it back."""


class Stream:
    """A connection that tasks wait for without holding up others."""
    def __init__(self, s: Any, e: Any = ...) -> None:
        """A stream for tasks of a socket, a UART or another stream."""
    def get_extra_info(self, v: str) -> Any:
        """With 'peername' the other end's address."""
    async def read(self, n: int = -1) -> bytes:
        """Reads at most n bytes, or everything."""
    async def readinto(self, buf: bytearray) -> int:
        """Fills the buffer and says with how many bytes."""
    async def readexactly(self, n: int) -> bytes:
        """Reads n bytes; EOFError if they do not come."""
    async def readline(self) -> bytes:
        """Reads a line with its end."""
    def write(self, buf: bytes) -> None:
        """Takes bytes to be sent by drain()."""
    async def drain(self) -> None:
        """Sends what was written."""
    def close(self) -> None:
        """Ends the connection."""
    async def wait_closed(self) -> None:
        """Waits until the connection has ended."""
    async def aclose(self) -> None:
        """The older name of wait_closed()."""
    async def awrite(self, buf: bytes, off: int = 0, sz: int = -1) -> None:
        """The older form of write() and drain()."""
    async def awritestr(self, buf: bytes) -> None:
        """The older form of write() and drain()."""


class StreamReader(Stream):
    """The same as Stream."""


class StreamWriter(Stream):
    """The same as Stream."""


class Server:
    """Waits for connections, as start_server() makes it."""
    def close(self) -> None:
        """Takes no more connections."""
    async def wait_closed(self) -> None:
        """Waits until it takes no more connections."""


class Loop:
    """What gives tasks their turns."""
    @staticmethod
    def create_task(coro: Coroutine) -> Task:
        """Starts a task."""
    @staticmethod
    def run_forever() -> None:
        """Runs tasks until stop()."""
    @staticmethod
    def run_until_complete(coro: Coroutine) -> Any:
        """Runs tasks until this one has ended, and gives its result."""
    @staticmethod
    def stop() -> None:
        """Ends run_forever()."""
    @staticmethod
    def close() -> None:
        """Does nothing."""
    @staticmethod
    def set_exception_handler(handler: Callable[..., Any] | None) -> None:
        """The function for exceptions that no task catches: it gets the loop and a dict about it."""
    @staticmethod
    def get_exception_handler() -> Any:
        """The function that was set."""
    @staticmethod
    def default_exception_handler(loop: Loop, context: dict) -> None:
        """Prints the exception, as it is done without a function."""
    @staticmethod
    def call_exception_handler(context: dict) -> None:
        """Calls the function that was set."""


class TaskQueue:
    """Tasks in the order of their times."""
    def __init__(self) -> None: ...
    def peek(self) -> Task:
        """The first task."""
    def push(self, task: Task, due: int = ...) -> None:
        """Puts a task in."""
    def pop(self) -> Task:
        """Takes the first task out."""
    def remove(self, task: Task) -> None:
        """Takes a task out."""


class IOQueue:
    """Tasks that wait for streams."""
    def __init__(self) -> None: ...
    def queue_read(self, stream: Any) -> None:
        """The task that runs waits until there is something to read."""
    def queue_write(self, stream: Any) -> None:
        """The task that runs waits until something can be written."""
    def remove(self, task: Task) -> None:
        """The task does not wait any more."""
    def wait_io_event(self, dt: int) -> None:
        """Waits so many milliseconds for streams."""


def run(coro: Coroutine) -> Any:
    """Runs a coroutine and everything that it starts, until it has ended: asyncio.run(main())."""
def create_task(coro: Coroutine) -> Task:
    """Starts a coroutine beside the others; keep what it gives."""
async def sleep(t: float) -> None:
    """Waits so many seconds while others have their turns: await asyncio.sleep(1)."""
async def sleep_ms(t: int) -> None:
    """Waits so many milliseconds while others have their turns."""
async def wait_for(aw: Awaitable, timeout: float, sleep: Any = ...) -> Any:
    """Waits for something, at most so many seconds; then it is cancelled and TimeoutError comes."""
async def wait_for_ms(aw: Awaitable, timeout: int) -> Any:
    """As wait_for(), in milliseconds."""
async def gather(*aws: Awaitable, return_exceptions: bool = False) -> list:
    """Runs several coroutines beside each other and gives a list of their results."""
async def open_connection(host: str, port: int, ssl: Any = None, server_hostname: str | None = None) -> tuple[Stream, Stream]:
    """Connects to a server: a stream to read from and one to write to."""
async def start_server(cb: Callable[[Stream, Stream], Awaitable], host: str, port: int, backlog: int = 5, ssl: Any = None) -> Server:
    """Starts the coroutine for everybody who connects to this port, with a stream to read from and one to write to."""
def current_task() -> Task:
    """The task that runs."""
def get_event_loop(runq_len: int = 0, waitq_len: int = 0) -> Loop:
    """What gives tasks their turns."""
def new_event_loop() -> Loop:
    """Forgets all tasks and gives what gives new ones their turns."""
def run_until_complete(main_task: Task | None = None) -> Any:
    """Runs tasks until this one has ended, and gives its result."""

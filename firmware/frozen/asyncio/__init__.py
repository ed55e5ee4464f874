# Cooperative tasks.
from .core import *
from .core import Loop, TimeoutError, CancelledError, Task, TaskQueue

__version__ = (3, 0, 0)

# What is seldom needed is loaded when it is.
_where = {
    "Event": "sync",
    "Lock": "sync",
    "ThreadSafeFlag": "sync",
    "gather": "funcs",
    "wait_for": "funcs",
    "wait_for_ms": "funcs",
    "open_connection": "stream",
    "start_server": "stream",
    "Server": "stream",
    "Stream": "stream",
    "StreamReader": "stream",
    "StreamWriter": "stream",
}


def __getattr__(name):
    if name == "cur_task":
        from . import core

        return core.cur_task
    module = _where.get(name)
    if module is None:
        raise AttributeError(name)
    value = getattr(__import__(module, None, None, True, 1), name)
    globals()[name] = value
    return value

# Events and locks.
from . import core


class Event:
    def __init__(self):
        self.state = False
        self.waiting = core.TaskQueue()

    def is_set(self):
        return self.state

    def set(self):
        while self.waiting.peek():
            core._task_queue.push(self.waiting.pop())
        self.state = True

    def clear(self):
        self.state = False

    async def wait(self):
        if not self.state:
            self.waiting.push(core.cur_task)
            core.cur_task.data = self.waiting
            await _once
        return True


class _Once:
    # Gives way once.
    def __init__(self):
        self.armed = True

    def __iter__(self):
        self.armed = True
        return self

    def __next__(self):
        if not self.armed:
            raise StopIteration
        self.armed = False


class _Yield:
    def __iter__(self):
        return _Once()


_once = _Yield()


class Lock:
    # `state`: 0 free, 1 taken, or the task that was handed the lock and has not run yet.
    def __init__(self):
        self.state = 0
        self.waiting = core.TaskQueue()

    def locked(self):
        return self.state == 1

    def release(self):
        if self.state != 1:
            raise RuntimeError("Lock not acquired")
        if self.waiting.peek():
            self.state = self.waiting.pop()
            core._task_queue.push(self.state)
        else:
            self.state = 0

    async def acquire(self):
        if self.state != 0:
            self.waiting.push(core.cur_task)
            core.cur_task.data = self.waiting
            try:
                await _once
            except core.CancelledError as e:
                if self.state is core.cur_task:
                    # It was handed over just before: pass it on.
                    self.state = 1
                    self.release()
                raise e
        self.state = 1
        return True

    async def __aenter__(self):
        return await self.acquire()

    async def __aexit__(self, *args):
        return self.release()


try:
    import io

    # An event that may be set from an interrupt.
    class ThreadSafeFlag(io.IOBase):
        def __init__(self):
            self.state = 0

        def ioctl(self, request, flags):
            return self.state * flags if request == 3 else -1

        def set(self):
            self.state = 1

        def clear(self):
            self.state = 0

        async def wait(self):
            if not self.state:
                core._io_queue.queue_read(self)
                await _once
            self.state = 0

except ImportError:
    pass

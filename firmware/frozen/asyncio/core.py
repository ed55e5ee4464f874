# Tasks and the loop that runs them.
import select
import sys
from time import ticks_add, ticks_diff
from time import ticks_ms as ticks


class CancelledError(BaseException):
    pass


class TimeoutError(Exception):
    pass


# What an exception handler is told.
_context = {"message": "Task exception wasn't retrieved", "exception": None, "future": None}

# The task that runs now.
cur_task = None
_exception_handler = None
_stopped = None


class TaskQueue:
    # Tasks by the time they are due; of equal ones the first comes first.
    def __init__(self):
        self._tasks = []

    def peek(self):
        tasks = self._tasks
        return tasks[0] if tasks else None

    def push(self, task, due=None):
        tasks = self._tasks
        if due is None:
            due = ticks()
        # What it waited for before is over.
        task.data = None
        task.ph_key = due
        i = len(tasks)
        while i and ticks_diff(tasks[i - 1].ph_key, due) > 0:
            i -= 1
        tasks.insert(i, task)

    def pop(self):
        return self._tasks.pop(0)

    def remove(self, task):
        self._tasks.remove(task)


class Task:
    # `data` holds, by turns: what the task waits in or for, an exception to be thrown into it, and
    # in the end its result. `state` is True while nobody waits for it, a queue of those who do,
    # or a function to tell, None when it is done and nobody knows, False when somebody does.
    def __init__(self, coro, globals=None):
        self.coro = coro
        self.data = None
        self.state = True
        self.ph_key = 0

    def __iter__(self):
        if not self.state:
            self.state = False
        elif self.state is True:
            self.state = TaskQueue()
        elif callable(self.state):
            raise RuntimeError("can't wait")
        return self

    def __next__(self):
        if not self.state:
            raise self.data
        self.state.push(cur_task)
        cur_task.data = self

    def done(self):
        return not self.state

    def cancel(self):
        if not self.state:
            return False
        if self is cur_task:
            raise RuntimeError("can't cancel self")
        # The exception starts at the innermost task that this one waits for.
        task = self
        while isinstance(task.data, Task):
            task = task.data
        if hasattr(task.data, "remove"):
            task.data.remove(task)
            _task_queue.push(task)
        elif ticks_diff(task.ph_key, ticks()) > 0:
            _task_queue.remove(task)
            _task_queue.push(task)
        task.data = CancelledError
        return True


class _Sleep:
    # Made once, so that sleeping needs no memory.
    def __init__(self):
        self.due = None

    def __iter__(self):
        return self

    def __next__(self):
        if self.due is None:
            raise StopIteration
        _task_queue.push(cur_task, self.due)
        self.due = None


_sleep = _Sleep()


def sleep_ms(t):
    _sleep.due = ticks_add(ticks(), max(0, t))
    return _sleep


def sleep(t):
    return sleep_ms(int(t * 1000))


class IOQueue:
    # Tasks that wait for streams: by id of the stream, [reader, writer, stream].
    def __init__(self):
        self.poller = select.poll()
        self.map = {}

    def _enqueue(self, stream, index):
        key = id(stream)
        entry = self.map.get(key)
        if entry is None:
            entry = self.map[key] = [None, None, stream]
            self.poller.register(stream, select.POLLIN if index == 0 else select.POLLOUT)
        else:
            self.poller.modify(stream, select.POLLIN | select.POLLOUT)
        entry[index] = cur_task
        cur_task.data = self

    def queue_read(self, stream):
        self._enqueue(stream, 0)

    def queue_write(self, stream):
        self._enqueue(stream, 1)

    def _settle(self, key, entry):
        if entry[0] is None and entry[1] is None:
            del self.map[key]
            self.poller.unregister(entry[2])
        else:
            self.poller.modify(entry[2], select.POLLIN if entry[1] is None else select.POLLOUT)

    def remove(self, task):
        for key, entry in list(self.map.items()):
            if entry[0] is task or entry[1] is task:
                entry[0 if entry[0] is task else 1] = None
                self._settle(key, entry)

    def wait_io_event(self, dt):
        for stream, event in self.poller.ipoll(dt):
            key = id(stream)
            entry = self.map[key]
            if event & ~select.POLLOUT and entry[0] is not None:
                _task_queue.push(entry[0])
                entry[0] = None
            if event & ~select.POLLIN and entry[1] is not None:
                _task_queue.push(entry[1])
                entry[1] = None
            self._settle(key, entry)


def create_task(coro):
    if not hasattr(coro, "send"):
        raise TypeError("coroutine expected")
    task = Task(coro)
    _task_queue.push(task)
    return task


def _as_task(aw):
    return aw if isinstance(aw, Task) else create_task(aw)


def run_until_complete(main_task=None):
    global cur_task
    while True:
        # Wait for the next task to be due, or for a stream.
        while True:
            task = _task_queue.peek()
            if task:
                wait = max(0, ticks_diff(task.ph_key, ticks()))
            elif _io_queue.map:
                wait = -1
            elif main_task:
                # Only an interrupt can go on from here: look now and then.
                wait = 100
            else:
                cur_task = None
                return
            _io_queue.wait_io_event(wait)
            task = _task_queue.peek()
            if task and ticks_diff(task.ph_key, ticks()) <= 0:
                break
        task = _task_queue.pop()
        cur_task = task
        if not task.state:
            # It ended with an error some turns ago; somebody may have asked for that since.
            if task.state is None:
                _unretrieved(task, task.data)
            continue
        try:
            error = task.data
            if error:
                task.data = None
                task.coro.throw(error)
            else:
                task.coro.send(None)
        except (CancelledError, Exception) as e:
            if task is main_task:
                cur_task = None
                if task.state is True:
                    # The caller is about to know.
                    task.state = TaskQueue()
                _finish(task, e)
                if isinstance(e, StopIteration):
                    return e.value
                raise e
            _finish(task, e)


def _finish(task, e):
    waiters = task.state
    if waiters is True:
        # Nobody waits (yet): an error is told once everything else had its turn.
        task.state = None
        if not isinstance(e, (StopIteration, CancelledError)):
            _task_queue.push(task)
    elif callable(waiters):
        task.state = False
        task.data = e
        waiters(e)
        return
    else:
        task.state = False
        while waiters.peek():
            _task_queue.push(waiters.pop())
    task.data = e


def _unretrieved(task, e):
    _context["exception"] = e
    _context["future"] = task
    Loop.call_exception_handler(_context)


def run(coro):
    return run_until_complete(_as_task(coro))


async def _stopper():
    pass


class Loop:
    def create_task(coro):
        return create_task(coro)

    def run_forever():
        global _stopped
        _stopped = Task(_stopper())
        run_until_complete(_stopped)

    def run_until_complete(coro):
        return run_until_complete(_as_task(coro))

    def stop():
        global _stopped
        if _stopped is not None:
            _task_queue.push(_stopped)
            _stopped = None

    def close():
        pass

    def set_exception_handler(handler):
        global _exception_handler
        _exception_handler = handler

    def get_exception_handler():
        return _exception_handler

    def default_exception_handler(loop, context):
        print(context["message"], file=sys.stderr)
        print("future:", context["future"], "coro=", context["future"].coro, file=sys.stderr)
        sys.print_exception(context["exception"], sys.stderr)

    def call_exception_handler(context):
        (_exception_handler or Loop.default_exception_handler)(Loop, context)


# The lengths are those of the first asyncio; its queues have grown since.
def get_event_loop(runq_len=0, waitq_len=0):
    return Loop


def current_task():
    if cur_task is None:
        raise RuntimeError("no running event loop")
    return cur_task


def new_event_loop():
    global _task_queue, _io_queue, _exception_handler, cur_task
    _task_queue = TaskQueue()
    _io_queue = IOQueue()
    _exception_handler = None
    cur_task = None
    return Loop


new_event_loop()

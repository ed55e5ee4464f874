# Waiting for several things, or not for ever.
from . import core
from .sync import _once


class _Outcome:
    # How something ended that was waited for.
    def __init__(self):
        self.open = True
        self.error = None
        self.result = None


class _Ended(core.CancelledError):
    # Cuts a waiter's sleep short; a true cancellation that comes later takes its place.
    pass


async def _watch(aw, outcome, waiter):
    try:
        outcome.result = await aw
    except (core.CancelledError, Exception) as e:
        outcome.error = e
    if outcome.open:
        # The waiter still sleeps: cut that short.
        outcome.open = False
        # One that is being cancelled has something in `data` already.
        if waiter.data is None and waiter.cancel():
            waiter.data = _Ended


async def wait_for(aw, timeout, sleep=core.sleep):
    aw = core._as_task(aw)
    if timeout is None:
        return await aw
    outcome = _Outcome()
    watcher = core.create_task(_watch(aw, outcome, core.cur_task))
    try:
        await sleep(timeout)
    except core.CancelledError as e:
        if not isinstance(e, _Ended):
            # Somebody else cancelled us.
            outcome.open = False
            watcher.cancel()
            raise e
        if outcome.error is not None:
            raise outcome.error
        return outcome.result
    outcome.open = False
    watcher.cancel()
    await watcher
    raise core.TimeoutError


def wait_for_ms(aw, timeout):
    return wait_for(aw, timeout, core.sleep_ms)


class _Parked:
    # What a task waits in while others are gathered for it.
    def __init__(self):
        self.task = core.cur_task

    def remove(self, task):
        self.task = None

    def wake(self):
        if self.task is not None:
            core._task_queue.push(self.task)
            self.task = None


async def gather(*aws, return_exceptions=False):
    if not aws:
        return []
    parked = _Parked()
    left = 0
    failed = None

    def ended(e):
        nonlocal left, failed
        left -= 1
        if failed is None and not return_exceptions and not isinstance(e, StopIteration):
            failed = e
            parked.wake()
        if left == 0:
            parked.wake()

    tasks = [core._as_task(aw) for aw in aws]
    for task in tasks:
        if task.state is True:
            task.state = ended
            left += 1
        elif task.state:
            raise RuntimeError("can't gather")
        elif not isinstance(task.data, StopIteration) and not return_exceptions:
            failed = failed or task.data
    if left and failed is None:
        core.cur_task.data = parked
        try:
            await _once
        except core.CancelledError as e:
            for task in tasks:
                task.cancel()
            raise e
    if failed is not None:
        for task in tasks:
            if task.state is ended:
                # Others may wait for it now.
                task.state = True
        raise failed
    return [t.data.value if isinstance(t.data, StopIteration) else t.data for t in tasks]

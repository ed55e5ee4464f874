# Waiting for several things, or not for ever.
from . import core
from .sync import _once


async def _forward(waiter, coro, timer):
    # Runs `coro` for `waiter` and tells it how that ended.
    result = None
    cancelled = False
    error = None
    try:
        result = await coro
    except core.CancelledError as e:
        cancelled = True
        error = e
    except Exception as e:
        error = e
    if timer.state_of_wait:
        timer.state_of_wait = 0
        timer.result = result
        timer.error = error
        timer.cancelled = cancelled
        core._task_queue.push(waiter)


class _Wait:
    pass


async def wait_for(coro, timeout, sleep=core.sleep):
    coro = core.create_task(coro) if not isinstance(coro, core.Task) else coro
    if timeout is None:
        return await coro
    wait = _Wait()
    wait.state_of_wait = 1
    wait.error = wait.result = None
    wait.cancelled = False
    runner = core.create_task(_forward(core.cur_task, coro, wait))
    try:
        await sleep(timeout)
    except core.CancelledError as e:
        if wait.state_of_wait:
            wait.state_of_wait = 0
            coro.cancel()
        raise e
    if not wait.state_of_wait:
        # The runner woke us before the time was over.
        if wait.error is not None:
            raise wait.error
        return wait.result
    wait.state_of_wait = 0
    coro.cancel()
    await runner
    raise core.TimeoutError


def wait_for_ms(coro, timeout):
    return wait_for(coro, timeout, core.sleep_ms)


class _Gather:
    def __init__(self):
        self.left = 0

    def remove(self, task):
        # A cancelled gather() stops waiting; its tasks are cancelled by it.
        self.task = None


async def _collect(gather, task, index, results):
    try:
        results[index] = await task
    except (Exception, core.CancelledError) as e:
        results[index] = e
        if gather.error is None:
            gather.error = e
    gather.left -= 1
    if gather.task is not None and (gather.left == 0 or gather.error is not None and not gather.keep):
        waiter = gather.task
        gather.task = None
        core._task_queue.push(waiter)


async def gather(*aws, return_exceptions=False):
    if not aws:
        return []
    tasks = [a if isinstance(a, core.Task) else core.create_task(a) for a in aws]
    results = [None] * len(tasks)
    g = _Gather()
    g.left = len(tasks)
    g.keep = return_exceptions
    g.error = None
    g.task = core.cur_task
    for i, task in enumerate(tasks):
        core.create_task(_collect(g, task, i, results))
    core.cur_task.data = g
    try:
        await _once
    except core.CancelledError as e:
        g.task = None
        for task in tasks:
            task.cancel()
        raise e
    if g.error is not None and not return_exceptions:
        raise g.error
    return results

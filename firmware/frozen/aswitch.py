# Switches and push buttons for asyncio programs: debounced, with double clicks and long presses.
try:
    import asyncio
except ImportError:
    import uasyncio as asyncio
from time import ticks_add, ticks_diff, ticks_ms


def _start(coro):
    # The loop does it in every generation of asyncio.
    return asyncio.get_event_loop().create_task(coro)


def launch(func, args):
    # Calls a function; a coroutine becomes a task.
    result = func(*args)
    if hasattr(result, "send"):
        result = _start(result)
    return result


class Delay_ms:
    # A timer that can be started again before it fires.
    def __init__(self, func=None, args=(), can_alloc=True, duration=1000):
        self.func = func
        self.args = args
        self.duration = duration
        self._end = None
        self._task = None

    def trigger(self, duration=0):
        self._end = ticks_add(ticks_ms(), duration if duration > 0 else self.duration)
        if self._task is None:
            self._task = True
            _start(self._run())

    def stop(self):
        self._end = None

    def running(self):
        return self._end is not None

    __call__ = running

    async def _run(self):
        while self._end is not None:
            left = ticks_diff(self._end, ticks_ms())
            if left <= 0:
                self._end = None
                if self.func is not None:
                    launch(self.func, self.args)
                break
            # Short naps, so that a stop or a new trigger is seen.
            await asyncio.sleep_ms(min(left, 50))
        self._task = None


class Switch:
    debounce_ms = 50

    def __init__(self, pin):
        self.pin = pin
        self._open = None
        self._close = None
        self.state = pin.value()
        _start(self._watch())

    def open_func(self, func, args=()):
        self._open = (func, args)

    def close_func(self, func, args=()):
        self._close = (func, args)

    def __call__(self):
        return self.state

    async def _watch(self):
        while True:
            state = self.pin.value()
            if state != self.state:
                self.state = state
                what = self._close if state == 0 else self._open
                if what is not None:
                    launch(*what)
            await asyncio.sleep_ms(self.debounce_ms)


class Pushbutton:
    debounce_ms = 50
    long_press_ms = 1000
    double_click_ms = 400

    def __init__(self, pin, suppress=False):
        self.pin = pin
        self.suppress = suppress
        self._press = None
        self._release = None
        self._double = None
        self._long = None
        # The level at the start is that of a button nobody presses.
        self.sense = pin.value()
        self.state = False
        _start(self._watch())

    def press_func(self, func, args=()):
        self._press = (func, args)

    def release_func(self, func, args=()):
        self._release = (func, args)

    def double_func(self, func, args=()):
        self._double = (func, args)

    def long_func(self, func, args=()):
        self._long = (func, args)

    def rawstate(self):
        return bool(self.pin.value() ^ self.sense)

    def __call__(self):
        return self.state

    def _held(self):
        if self._long is not None:
            self._was_long = True
            launch(*self._long)

    def _clicked_once(self):
        # The time for a second click is over: a held-back release counts now.
        if self._owed:
            self._owed = False
            if self._release is not None:
                launch(*self._release)

    async def _watch(self):
        long_timer = Delay_ms(self._held) if self._long is not None else None
        double_timer = Delay_ms(self._clicked_once) if self._double is not None else None
        self._was_long = False
        self._owed = False
        second = False
        while True:
            state = self.rawstate()
            if state != self.state:
                self.state = state
                if state:
                    self._was_long = False
                    if long_timer is not None:
                        long_timer.trigger(self.long_press_ms)
                    if double_timer is not None and double_timer.running():
                        double_timer.stop()
                        self._owed = False
                        second = True
                        launch(*self._double)
                    elif double_timer is not None:
                        double_timer.trigger(self.double_click_ms)
                    if self._press is not None:
                        launch(*self._press)
                else:
                    if long_timer is not None:
                        long_timer.stop()
                    held_back = self.suppress and (
                        self._was_long or second or double_timer is not None and double_timer.running()
                    )
                    if held_back:
                        self._owed = not (self._was_long or second)
                    elif self._release is not None:
                        launch(*self._release)
                    second = False
            await asyncio.sleep_ms(self.debounce_ms)

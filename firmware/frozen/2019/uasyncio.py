# The asyncio of 2019, as programs of that year know it: a loop with two queues of fixed lengths.
#
# A task is a generator. It yields milliseconds to sleep, None for another turn, a coroutine to start, False to
# be left alone, or one of the requests below.
import select
import time

from ucollections import deque
from utimeq import utimeq


class CancelledError(Exception):
    pass


class TimeoutError(CancelledError):
    pass


class _Wait:
    # A request to go on when a stream is ready.
    def __init__(self, stream, event):
        self.stream = stream
        self.event = event


class _Forget:
    # A request to look after a stream no more.
    def __init__(self, stream):
        self.stream = stream


class _Stop:
    # A request to leave the loop with a result.
    def __init__(self, result):
        self.result = result


def _nothing():
    yield


_generator = type(_nothing())


class EventLoop:
    def __init__(self, runq_len=16, waitq_len=16):
        self.runq = deque((), runq_len, True)
        self.waitq = utimeq(waitq_len)
        self.cur_task = None
        self.poller = select.poll()
        # Who waits for a stream; what is to be raised in a task at its next turn.
        self._streams = {}
        self._raise = {}

    def time(self):
        return time.ticks_ms()

    def create_task(self, coro):
        self.call_later_ms(0, coro)
        # There is no object for a task.

    def call_soon(self, callback, *args):
        self.runq.append(callback)
        if not isinstance(callback, _generator):
            # What is called needs a second place, for its arguments.
            self.runq.append(args)

    def call_later(self, delay, callback, *args):
        self.call_at_(time.ticks_add(self.time(), int(delay * 1000)), callback, args)

    def call_later_ms(self, delay, callback, *args):
        if not delay:
            return self.call_soon(callback, *args)
        self.call_at_(time.ticks_add(self.time(), delay), callback, args)

    def call_at_(self, due, callback, args=()):
        self.waitq.push(due, callback, args)

    def run_forever(self):
        entry = [0, None, None]
        while True:
            now = self.time()
            while self.waitq and time.ticks_diff(self.waitq.peektime(), now) <= 0:
                self.waitq.pop(entry)
                self.call_soon(entry[1], *entry[2])
            # Those that come now have their turn in the next round.
            left = len(self.runq)
            while left:
                callback = self.runq.popleft()
                left -= 1
                if isinstance(callback, _generator):
                    stop = self._turn(callback)
                    if stop is not None:
                        return stop.result
                else:
                    args = self.runq.popleft()
                    left -= 1
                    callback(*args)
            self._rest()

    def _turn(self, task):
        self.cur_task = task
        try:
            error = self._raise.pop(id(task), None)
            said = next(task) if error is None else task.throw(error)
        except (StopIteration, CancelledError):
            return
        delay = 0
        if isinstance(said, int) and said is not False:
            delay = said
        elif isinstance(said, _Wait):
            self._watch(said.stream, said.event, task)
            return
        elif isinstance(said, _Forget):
            self._unwatch(said.stream)
        elif isinstance(said, _generator):
            self.call_soon(said)
        elif isinstance(said, _Stop):
            return said
        elif said is False:
            return
        elif said is not None:
            raise AssertionError("Unsupported coroutine yield value: %r (of type %r)" % (said, type(said)))
        if delay:
            self.call_later_ms(delay, task)
        else:
            self.call_soon(task)

    def _rest(self):
        if self.runq:
            delay = 0
        elif self.waitq:
            delay = max(0, time.ticks_diff(self.waitq.peektime(), self.time()))
        else:
            delay = -1
        if not self._streams:
            if delay:
                time.sleep_ms(delay if delay > 0 else 1000)
            return
        for stream, event in self.poller.ipoll(delay):
            entry = self._streams.pop(id(stream), None)
            if entry is not None:
                self.poller.unregister(stream)
                self.call_soon(entry[1])

    def _watch(self, stream, event, task):
        self.poller.register(stream, event)
        self._streams[id(stream)] = (stream, task)

    def _unwatch(self, stream):
        if self._streams.pop(id(stream), None) is not None:
            self.poller.unregister(stream)

    def _throw(self, task, error):
        # A task that waits for a stream has its turn now, all others when they are due.
        self._raise[id(task)] = error
        for stream, waiting in list(self._streams.values()):
            if waiting is task:
                self._unwatch(stream)
                self.call_soon(task)

    def run_until_complete(self, coro):
        def run_and_stop():
            result = yield from coro
            yield _Stop(result)

        self.call_soon(run_and_stop())
        return self.run_forever()

    def stop(self):
        self.call_soon(_stop_now())

    def close(self):
        pass


def _stop_now():
    yield _Stop(0)


_event_loop = None


# The lengths count the first time; there is one loop.
def get_event_loop(runq_len=16, waitq_len=16):
    global _event_loop
    if _event_loop is None:
        _event_loop = EventLoop(runq_len, waitq_len)
    return _event_loop


def sleep(secs):
    yield int(secs * 1000)


def sleep_ms(ms):
    yield ms


def cancel(coro):
    _event_loop._throw(coro, CancelledError())


def wait_for_ms(coro, timeout):
    loop = _event_loop
    task = loop.cur_task
    waits = [True]

    def late():
        if waits[0]:
            loop._throw(task, TimeoutError())

    loop.call_later_ms(timeout, late)
    try:
        return (yield from coro)
    finally:
        waits[0] = False


def wait_for(coro, timeout):
    return wait_for_ms(coro, int(timeout * 1000))


def coroutine(f):
    return f


def ensure_future(coro, loop=None):
    _event_loop.call_soon(coro)
    return coro


def Task(coro, loop=None):
    _event_loop.call_soon(coro)
    return coro


class StreamReader:
    def __init__(self, polls, ios=None):
        self.polls = polls
        self.ios = polls if ios is None else ios

    def read(self, n=-1):
        while True:
            yield _Wait(self.polls, select.POLLIN)
            data = self.ios.read(n)
            if data is not None:
                break
        if not data:
            yield _Forget(self.polls)
        return data

    def readexactly(self, n):
        data = b""
        while n:
            yield _Wait(self.polls, select.POLLIN)
            part = self.ios.read(n)
            if part is None:
                continue
            if not part:
                yield _Forget(self.polls)
                break
            data += part
            n -= len(part)
        return data

    def readline(self):
        line = b""
        while True:
            yield _Wait(self.polls, select.POLLIN)
            part = self.ios.readline()
            if part is None:
                continue
            line += part
            if not part:
                yield _Forget(self.polls)
                break
            if line[-1] == 10:
                break
        return line

    def aclose(self):
        yield _Forget(self.polls)
        self.ios.close()

    def __repr__(self):
        return "<StreamReader %r %r>" % (self.polls, self.ios)


class StreamWriter:
    def __init__(self, s, extra):
        self.s = s
        self.extra = extra

    def awrite(self, buf, off=0, sz=-1):
        if sz == -1:
            sz = len(buf) - off
        data = memoryview(buf if not isinstance(buf, str) else buf.encode())
        while sz > 0:
            n = self.s.write(data[off : off + sz])
            if n is None:
                n = 0
            off += n
            sz -= n
            if sz > 0:
                yield _Wait(self.s, select.POLLOUT)
        # It is a coroutine however little there is to write.
        yield

    def awriteiter(self, iterable):
        for buf in iterable:
            yield from self.awrite(buf)

    def aclose(self):
        yield _Forget(self.s)
        self.s.close()

    def get_extra_info(self, name, default=None):
        return self.extra.get(name, default)

    def __repr__(self):
        return "<StreamWriter %r>" % self.s


def open_connection(host, port, ssl=False):
    import usocket

    address = usocket.getaddrinfo(host, port, 0, usocket.SOCK_STREAM)[0]
    s = usocket.socket(address[0], address[1], address[2])
    s.setblocking(False)
    try:
        s.connect(address[-1])
    except OSError as e:
        if e.args[0] != 115:
            raise
    yield _Wait(s, select.POLLOUT)
    ios = s
    if ssl:
        import ussl

        s.setblocking(True)
        ios = ussl.wrap_socket(s)
        s.setblocking(False)
    return StreamReader(s, ios), StreamWriter(ios, {})


def start_server(client_coro, host, port, backlog=10):
    import usocket

    address = usocket.getaddrinfo(host, port, 0, usocket.SOCK_STREAM)[0]
    s = usocket.socket(address[0], address[1], address[2])
    s.setblocking(False)
    s.setsockopt(usocket.SOL_SOCKET, usocket.SO_REUSEADDR, 1)
    s.bind(address[-1])
    s.listen(backlog)
    while True:
        yield _Wait(s, select.POLLIN)
        try:
            client, peer = s.accept()
        except OSError:
            continue
        client.setblocking(False)
        reader, writer = StreamReader(client), StreamWriter(client, {"peername": peer})
        _event_loop.call_soon(client_coro(reader, writer))

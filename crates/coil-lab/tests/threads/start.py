# What a thread is started with, and how it can fail.
import _thread, time

gate = _thread.allocate_lock()


def run(f, *rest):
    gate.acquire()

    def body(*a, **k):
        try:
            print(f(*a, **k))
        except Exception as e:
            print(type(e).__name__, e)
        gate.release()

    _thread.start_new_thread(body, *rest)
    gate.acquire()
    gate.release()


def show(*a, **k):
    return a, sorted(k.items())


run(show, ())
run(show, (1, 2))
run(show, [1, [2]])
run(show, (1,), {"x": 2, "y": [3]})
run(show, (), {})
run(len, ("abc",))
run("{} {a}".format, (1,), {"a": 2})
run([3, 1, 2].index, (2,))


class Caller:
    def __init__(self, n):
        self.n = n

    def __call__(self, m):
        return self.n + m

    def method(self, m):
        return self.n * m


run(Caller(2), (3,))
run(Caller(4).method, (5,))
run([].pop, ())
run(lambda: _undefined, ())

# What is given is copied at the start.
args, kwargs, waits = [1], {"k": 1}, _thread.allocate_lock()
waits.acquire()
gate.acquire()


def late(*a, **k):
    waits.acquire()
    print(a, k)
    gate.release()


_thread.start_new_thread(late, args, kwargs)
args.append(2)
kwargs["k"] = 3
waits.release()
gate.acquire()
gate.release()

for wrong in ((), (show,), (show, 1), (show, None), (show, "ab"), (show, (), ()), (show, (), None), (show, (), {}, 1)):
    try:
        _thread.start_new_thread(*wrong)
    except TypeError as e:
        print("TypeError", e)

# Code without names of its own uses those of whoever started it.
colour = "green"
_thread.start_new_thread(exec, ("print('a', colour, 'thread')",))
time.sleep_ms(50)
_thread.start_new_thread(print, ("printed",), {"sep": "-", "end": "!\n"})
time.sleep_ms(50)

# Both ways to leave are silent.
_thread.start_new_thread(_thread.exit, ())


def leave():
    raise SystemExit(3)


_thread.start_new_thread(leave, ())
time.sleep_ms(50)
print(_thread.get_ident() != 0, _thread.get_ident() == _thread.get_ident())
idents = set()


def note():
    idents.add(_thread.get_ident())


known = {_thread.start_new_thread(note, ()) for _ in range(3)}
time.sleep_ms(50)
print(idents == known, len(known), _thread.get_ident() in known)

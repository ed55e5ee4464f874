# What each thread has for itself: its stack, its exceptions, its heap lock; and what they share.
import _thread, gc, micropython, time

left = 0


def together(f, n):
    global left
    left = n

    def body(i):
        global left
        f(i)
        left -= 1

    for i in range(n):
        _thread.start_new_thread(body, (i,))
    while left:
        time.sleep_ms(1)


def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)


def deep():
    deep()


results = []


def recurse(i):
    for _ in range(3):
        try:
            deep()
        except RuntimeError as e:
            results.append((i, -1, str(e)))
        results.append((i, depth(5 + i), ''))


together(recurse, 3)
results.sort()
print(results)

# Exceptions in one thread do not meet those in another.
caught = []


def raiser(i):
    for n in range(20):
        try:
            try:
                raise ValueError(i, n)
            finally:
                for _ in range(40):
                    pass
        except ValueError as e:
            caught.append(e.args == (i, n))


together(raiser, 4)
print(len(caught), all(caught))

# Generators remember where they are, whoever asks; while one runs, nobody else can.
def numbers():
    n = 0
    while True:
        yield n
        n += 1


shared, taken = numbers(), []


def take(i):
    for _ in range(25):
        taken.append(next(shared))
        time.sleep_ms(i)


together(take, 4)
print(sorted(taken) == list(range(100)))


def slow():
    yield 1
    time.sleep_ms(20)
    yield 2


it, said = slow(), []
next(it)


def both(i):
    time.sleep_ms(5 * i)
    try:
        said.append(next(it))
    except ValueError as e:
        said.append(str(e))


together(both, 2)
print(said)

# What only a thread that is aside can reach stays.
def keeper(i):
    data = [bytearray([i] * 10) for _ in range(10)]
    text = "-".join(str(i) for _ in range(5))
    for _ in range(5):
        time.sleep_ms(1 + i)
        gc.collect()
    kept.append(all(b == bytearray([i] * 10) for b in data) and text == "-".join([str(i)] * 5))


kept = []
together(keeper, 4)
print(kept)

# Natives that call back: each goes on where it was.
def order(i):
    def key(x):
        time.sleep_ms(1)
        return -x if i % 2 else x

    out.append((i, sorted([3, 1, 2], key=key), list(map(lambda x: key(x) + 1, range(3)))))


out = []
together(order, 3)
print(sorted(out))

# The lock of the heap holds for one thread.
first, second = _thread.allocate_lock(), _thread.allocate_lock()
made = None
first.acquire()
second.acquire()


def allocates():
    first.acquire()
    print(["made", "here"])
    second.release()


_thread.start_new_thread(allocates, ())
micropython.heap_lock()
first.release()
second.acquire()
try:
    [first]
    made = True
except MemoryError:
    made = False
micropython.heap_unlock()
print(made)

# Scheduled calls run, whoever asks for them.
calls = []


def called(x):
    calls.append(x)


def asks(i):
    for n in range(10):
        while True:
            try:
                micropython.schedule(called, (i, n))
                break
            except RuntimeError:
                time.sleep_ms(1)


together(asks, 3)
time.sleep_ms(20)
print(sorted(calls) == [(i, n) for i in range(3) for n in range(10)])

# Threads that start threads, and what wakes a main thread that waits for something else.
import _thread, asyncio, time

seen, lock = [], _thread.allocate_lock()


def start(f, args):
    while True:
        try:
            return _thread.start_new_thread(f, args)
        except OSError:
            # No room for its stack now.
            time.sleep_ms(1)


def tree(path):
    if len(path) < 3:
        for c in "ab":
            start(tree, (path + c,))
    with lock:
        seen.append(path)


tree("")
while len(seen) < 15:
    time.sleep_ms(1)
print(sorted(seen))

# A flag set by a thread wakes a loop.
flag, woken = asyncio.ThreadSafeFlag(), []


def setter(n):
    for i in range(n):
        time.sleep_ms(5)
        flag.set()
        while len(woken) <= i:
            time.sleep_ms(1)


async def waits(n):
    for i in range(n):
        await flag.wait()
        woken.append(i)
    return "woken"


async def beside():
    n = 0
    while len(woken) < 4:
        await asyncio.sleep_ms(2)
        n += 1
    return n > 4


async def main():
    _thread.start_new_thread(setter, (4,))
    print(await asyncio.gather(waits(4), beside()))


asyncio.run(main())
print(woken)

# An iterator, a dict and a list in many hands.
queue, results = list(range(50)), {}


def worker(name):
    while True:
        with lock:
            if not queue:
                break
            job = queue.pop(0)
        total = 0
        for i in range(job):
            total += i
        results[job] = total


for name in range(3):
    _thread.start_new_thread(worker, (name,))
while len(results) < 50:
    time.sleep_ms(1)
print(results == {n: n * (n - 1) // 2 for n in range(50)})

# The last one out: a thread that outlives those who started it.
inner, outer = _thread.allocate_lock(), _thread.allocate_lock()
inner.acquire()
outer.acquire()


def last():
    inner.acquire()
    print("last")
    outer.release()


def first():
    _thread.start_new_thread(last, ())


_thread.start_new_thread(first, ())
time.sleep_ms(10)
inner.release()
outer.acquire()
print("done")

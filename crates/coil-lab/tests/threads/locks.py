# A lock is a semaphore of one: whoever waits gets it, whoever wants may give it back.
import _thread

lock = _thread.allocate_lock()
print(type(lock), type(lock) is _thread.LockType)
print(lock.locked(), lock.acquire(), lock.locked(), lock.acquire(0), lock.acquire(False))
lock.release()
print(lock.locked())
try:
    lock.release()
except RuntimeError as e:
    print(repr(e))
for flag in (True, 1, -1):
    print(lock.acquire(flag))
    lock.release()
for wrong in (None, "yes", 1.0):
    try:
        lock.acquire(wrong)
    except TypeError:
        print("TypeError")
with lock as got:
    print(got, lock.locked())
try:
    with lock:
        raise KeyError(1)
except KeyError as e:
    print(e, lock.locked())
try:
    lock.__exit__()
except TypeError:
    print("TypeError")

# Two threads that hand the turn to each other.
ping, pong, done = [_thread.allocate_lock() for _ in range(3)]
for l in (ping, pong, done):
    l.acquire()
seen = []


def player(mine, other, name, n):
    for i in range(n):
        mine.acquire()
        seen.append((name, i))
        other.release()
    if name == "pong":
        done.release()


_thread.start_new_thread(player, (ping, pong, "ping", 4))
_thread.start_new_thread(player, (pong, ping, "pong", 4))
ping.release()
done.acquire()
print(seen)

# A counter that would lose counts without the lock.
total, ended = 0, []


def count(n):
    global total
    for _ in range(n):
        with lock:
            now = total
            for _ in range(3):
                pass
            total = now + 1
    ended.append(1)


import time

for _ in range(4):
    _thread.start_new_thread(count, (300,))
while len(ended) < 4:
    time.sleep(0)
print(total)

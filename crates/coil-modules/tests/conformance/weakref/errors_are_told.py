# An exception of a callback is shown, and the program goes on.
import gc
import weakref


class Thing:
    pass


def fail(*args):
    raise ValueError(len(args))


def test():
    a = Thing()
    r = weakref.ref(a, fail)
    f = weakref.finalize(a, fail, 1, 2)
    try:
        a = None
        zeros = [0, 0, 0, 0]
        gc.collect()
    except ValueError:
        print('never')
    print('on', r(), f.alive)


test()

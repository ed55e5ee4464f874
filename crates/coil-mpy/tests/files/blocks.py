# All ways into and out of blocks.
log = []


class Manager:
    def __init__(self, name, swallow=False):
        self.name, self.swallow = name, swallow

    def __enter__(self):
        log.append("+" + self.name)
        return self.name

    def __exit__(self, kind, value, trace):
        log.append("-" + self.name + (":" + kind.__name__ if kind else ""))
        return self.swallow


def ways(how):
    for turn in range(3):
        log.append(turn)
        try:
            with Manager("a") as a, Manager("b", how == "swallow"):
                try:
                    if how == "return":
                        return "returned " + a
                    if how == "break" and turn == 1:
                        break
                    if how == "continue":
                        continue
                    if how in ("raise", "swallow"):
                        raise KeyError(how)
                    if how == "inner":
                        raise IndexError
                    log.append("body")
                except IndexError as e:
                    log.append("caught")
                    raise ValueError("again")
                else:
                    log.append("else")
                finally:
                    log.append("finally")
        except (ValueError, OSError) as e:
            log.append(repr(e))
            if turn == 2:
                raise
        finally:
            log.append("outer")
            if how == "override" and turn == 1:
                return "overridden"
            while how == "loop":
                break
    else:
        log.append("no break")
    return "end"


for how in ("", "return", "break", "continue", "raise", "swallow", "inner", "override", "loop"):
    del log[:]
    try:
        print(how, ways(how))
    except Exception as e:
        print(how, "raised", repr(e))
    print(" ", *log)


def nested(n):
    try:
        try:
            try:
                if n == 0:
                    return "first"
                1 // (n - 1)
                for i in range(5):
                    try:
                        if i == n:
                            return i
                    finally:
                        if i == 3:
                            continue
            finally:
                log.append("one")
        except ZeroDivisionError:
            try:
                raise
            except ZeroDivisionError as e:
                log.append(str(e))
            try:
                raise
            finally:
                log.append("two")
        finally:
            log.append("three")
            try:
                pass
            finally:
                log.append("four")
    finally:
        if n == 2:
            return "last"
    return "fell out"


for n in range(6):
    del log[:]
    try:
        print(n, nested(n))
    except ZeroDivisionError:
        print(n, "raised")
    print(" ", *log)


def gen():
    try:
        got = yield 1
        while got:
            got = yield got * 2
        yield from (x for x in "ab" if x)
        with Manager("g"):
            yield 3
        return "done"
    except ValueError:
        yield "thrown"
    finally:
        log.append("closed")


del log[:]
g = gen()
print(next(g), g.send(4), g.send(5), next(g), next(g), g.throw(ValueError()), log)
g.close()
print(list(gen()), log)


def delegating():
    result = yield from gen()
    yield result


print(list(delegating()))


class Async:
    def __init__(self, swallow):
        self.swallow = swallow

    async def __aenter__(self):
        log.append("enter")
        return 7

    async def __aexit__(self, kind, value, trace):
        log.append(("exit", kind and kind.__name__))
        return self.swallow

    def __aiter__(self):
        self.n = 0
        return self

    async def __anext__(self):
        self.n += 1
        if self.n > 3:
            raise StopAsyncIteration
        return self.n


async def work(how):
    for i in range(3):
        async with Async(how == "swallow") as seven:
            if how == "raise" or how == "swallow":
                raise ValueError
            if how == "break":
                break
            if how == "return":
                return seven
            if how == "continue":
                continue
            log.append(seven)
    total = 0
    async for x in Async(False):
        if how == "break":
            break
        total += x
    else:
        log.append("all")
    return total


def drive(coroutine):
    try:
        while True:
            coroutine.send(None)
    except StopIteration as e:
        return e.value


for how in ("", "raise", "swallow", "break", "return", "continue"):
    del log[:]
    try:
        print(how, drive(work(how)))
    except ValueError as e:
        print(how, "raised")
    print(" ", *log)
try:
    raise
except RuntimeError as e:
    print(e)

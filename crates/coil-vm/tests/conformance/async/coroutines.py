# Coroutines driven by hand: await, async for, async with, and what goes wrong.
def run(c):
    out = []
    try:
        while True:
            out.append(c.send(None))
    except StopIteration as e:
        return out, e.value
class Y:
    def __init__(self, v):
        self.v = v
    def __await__(self):
        r = yield self.v
        return "r%s" % self.v
    __iter__ = __await__
async def leaf(n):
    return n * 2
async def main():
    a = await leaf(5)
    b = await Y("y")
    return a, b
print(run(main()))
class AIt:
    def __init__(self, n):
        self.n = n
    def __aiter__(self):
        return self
    async def __anext__(self):
        if self.n == 0:
            raise StopAsyncIteration
        self.n -= 1
        await Y(self.n)
        return self.n
async def loop():
    r = []
    async for v in AIt(3):
        if v == 1:
            continue
        r.append(v)
    else:
        r.append("else")
    async for v in AIt(5):
        break
    else:
        r.append("never")
    return r
print(run(loop()))
class ACM:
    def __init__(self, suppress):
        self.suppress = suppress
    async def __aenter__(self):
        await Y("enter")
        return "acm"
    async def __aexit__(self, t, v, tb):
        await Y("exit")
        print(t, repr(v))
        return self.suppress
async def ctx():
    async with ACM(True) as a:
        print(a)
        raise ValueError("in body")
    async with ACM(False):
        return "from body"
print(run(ctx()))
async def fails():
    async with ACM(False):
        raise KeyError("k")
try:
    run(fails())
except KeyError as e:
    print(repr(e))
async def catches():
    try:
        await fails()
    except KeyError:
        return "caught"
    finally:
        await Y("fin")
print(run(catches()))
c = main()
print(type(c).__name__, hasattr(c, "send"))
c.close()
async def bad(v):
    await v
for v in (5, None, "s", []):
    try:
        run(bad(v))
        print("ok")
    except (TypeError, AttributeError) as e:
        print(type(e).__name__, e)
async def badfor(v):
    async for x in v:
        pass
async def badwith(v):
    async with v:
        pass
for f in (badfor, badwith):
    try:
        run(f(5))
    except (TypeError, AttributeError) as e:
        print(type(e).__name__, e)
async def cancel():
    try:
        await Y(1)
    except ValueError as e:
        print("cancelled", e)
        return "done"
c = cancel()
c.send(None)
try:
    c.throw(ValueError("stop"))
except StopIteration as e:
    print(e.value)
async def gather(*cs):
    r = []
    for c in cs:
        r.append(await c)
    return r
print(run(gather(leaf(1), leaf(2))))
lam = lambda: leaf(3)
async def nested():
    async def inner():
        return await lam()
    return await inner()
print(run(nested()))

import uasyncio as asyncio

loop = asyncio.get_event_loop()
seen = []


async def count(name, n, ms):
    for i in range(n):
        seen.append(name + str(i))
        await asyncio.sleep_ms(ms)
    return name


def old_style():
    yield from asyncio.sleep(0.01)
    seen.append("old")
    yield 5
    seen.append("later")
    yield


async def slow():
    try:
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        seen.append("cancelled")
        raise


async def main():
    loop.create_task(count("a", 2, 30))
    asyncio.ensure_future(old_style())
    loop.call_soon(seen.append, "called")
    loop.call_later(0.02, seen.append, "called later")
    print(await count("m", 2, 25))
    try:
        await asyncio.wait_for_ms(slow(), 20)
    except asyncio.TimeoutError:
        seen.append("late")
    print(await asyncio.wait_for(count("w", 1, 1), 1))
    task = slow()
    loop.create_task(task)
    await asyncio.sleep_ms(5)
    # It learns of it at its next turn, ten seconds later.
    asyncio.cancel(task)
    return "done"


print(loop.run_until_complete(main()))
print(seen)
print(issubclass(asyncio.TimeoutError, asyncio.CancelledError), issubclass(asyncio.CancelledError, Exception))


async def bad():
    raise ValueError("it ends the loop")


loop.create_task(bad())
try:
    loop.run_forever()
except ValueError as e:
    print(e)

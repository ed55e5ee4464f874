import uasyncio as asyncio

print([hasattr(asyncio, n) for n in ("create_task", "run", "gather", "Event", "Lock")])
loop = asyncio.get_event_loop(runq_len=4, waitq_len=4)
print(hasattr(asyncio, "ensure_future"), hasattr(loop, "call_soon"), hasattr(loop, "call_later"))


async def say(what, ms):
    await asyncio.sleep_ms(ms)
    print(what)
    return what


async def main():
    task = asyncio.create_task(say("b", 20))
    loop.create_task(say("a", 10))
    print(await task, await asyncio.gather(say("c", 10), say("d", 5)))


asyncio.run(main())

import uasyncio as asyncio

print([hasattr(asyncio, n) for n in ("create_task", "run", "gather", "Event", "Lock")])
loop = asyncio.get_event_loop(runq_len=4, waitq_len=2)
print(loop is asyncio.get_event_loop(100, 100))


async def sleeper(n):
    await asyncio.sleep_ms(n)


print(loop.create_task(sleeper(1)))
for i in range(3):
    loop.create_task(sleeper(1))
try:
    loop.create_task(sleeper(1))
except IndexError as e:
    print(repr(e))
try:
    loop.run_forever()
except IndexError as e:
    print(repr(e))

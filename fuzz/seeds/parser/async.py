async def f():
    async with a as b, c:
        async for i in d:
            await e(i)
import asyncio

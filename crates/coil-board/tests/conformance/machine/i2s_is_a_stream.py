from machine import I2S, Pin
import asyncio, select, time

PINS = {"sck": Pin(14), "ws": Pin(13), "sd": Pin(12)}
REST = {"bits": 16, "format": I2S.MONO, "rate": 8000, "ibuf": 1024}


async def play(i2s, n):
    out = asyncio.StreamWriter(i2s)
    for i in range(4):
        # What is handed over in this way is waited for, not written at once.
        out.out_buf = bytes(n)
        await out.drain()


async def listen(i2s, n):
    heard, b = 0, bytearray(n)
    source = asyncio.StreamReader(i2s)
    while heard < 4 * n:
        heard += await source.readinto(b)
    return heard >= 4 * n


async def main():
    ticks = 0

    async def tick():
        nonlocal ticks
        while True:
            await asyncio.sleep_ms(10)
            ticks += 1

    task = asyncio.create_task(tick())
    for job in (
        play(I2S(0, mode=I2S.TX, **PINS, **REST), 2000),
        listen(I2S(1, mode=I2S.RX, **PINS, **REST), 2000),
    ):
        start = time.ticks_ms()
        result = await job
        ms = time.ticks_diff(time.ticks_ms(), start)
        # Half a second of samples, less what the hardware has room for.
        print(result, 400 < ms < 560, ticks > 20)
        ticks = 0
    task.cancel()


asyncio.run(main())
i2s = I2S(0, mode=I2S.TX, **PINS, **REST)
poll = select.poll()
poll.register(i2s, select.POLLOUT)
print(poll.poll(0) == [(i2s, select.POLLOUT)], i2s.write(bytes(4000)), poll.poll(0))
print(poll.poll(100) == [(i2s, select.POLLOUT)])
poll.modify(i2s, select.POLLIN)
try:
    poll.poll(0)
except OSError as e:
    print(e)

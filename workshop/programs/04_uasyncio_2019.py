# The same as a program of 2019 says it.
import uasyncio as asyncio
from aswitch import Pushbutton
from machine import Pin


async def clock():
    while True:
        print("tick")
        await asyncio.sleep(1)
        print("tock")
        await asyncio.sleep(1)


def report(what):
    print(what)


loop = asyncio.get_event_loop(runq_len=40, waitq_len=40)

first = Pushbutton(Pin(18, Pin.IN, Pin.PULL_UP))
first.press_func(report, ("1 pressed",))
first.release_func(report, ("1 released",))

second = Pushbutton(Pin(19, Pin.IN, Pin.PULL_UP))
second.double_func(report, ("2 double",))
second.long_func(report, ("2 long",))

loop.create_task(clock())
loop.run_forever()

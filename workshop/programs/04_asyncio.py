# Tasks: two buttons with short, double and long presses beside a clock.
import asyncio
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


async def main():
    first = Pushbutton(Pin(18, Pin.IN, Pin.PULL_UP))
    first.press_func(report, ("1 pressed",))
    first.release_func(report, ("1 released",))
    second = Pushbutton(Pin(19, Pin.IN, Pin.PULL_UP))
    second.double_func(report, ("2 double",))
    second.long_func(report, ("2 long",))
    ticking = asyncio.create_task(clock())
    await ticking


asyncio.run(main())

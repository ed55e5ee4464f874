# Deep sleep ends in a boot that knows why. This file is main.py of its board.
import machine

if machine.reset_cause() == machine.DEEPSLEEP_RESET:
    print("woke up:", machine.wake_reason() == machine.TIMER_WAKE)
else:
    print("good night")
    machine.deepsleep(10_000)

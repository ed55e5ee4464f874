import machine, esp32
from machine import Pin, WDT


def attempt(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except Exception as e:
        print(repr(e))


attempt(machine.lightsleep, "x")
attempt(machine.lightsleep, 1, 2)
attempt(machine.deepsleep, "x")
attempt(machine.sleep, 10)
print(machine.wake_reason(), machine.wake_reason(1, x=2), machine.wake_pins(), machine.reset_cause())
attempt(WDT, 1)
attempt(WDT, -1, 5000)
attempt(WDT, timeout=0)
attempt(WDT, 0, -5)
attempt(WDT, 0, 5000, 1)
attempt(WDT, ms=5)
attempt(WDT, timeout="x")
w = WDT(0, 1000)
w = WDT(timeout=1_000_000)
attempt(w.feed, 1)
print(w.feed(), hasattr(w, "deinit"), hasattr(machine, "bootloader"))

attempt(esp32.wake_on_ext0)
attempt(esp32.wake_on_ext0, Pin(5), True)
attempt(esp32.wake_on_ext0, pin=Pin(4), level=esp32.WAKEUP_ANY_HIGH)
attempt(esp32.wake_on_ext0)
attempt(esp32.wake_on_ext0, 24)
attempt(esp32.wake_on_touch, True)
attempt(esp32.wake_on_ulp, True)
attempt(esp32.wake_on_ext0, None)
attempt(esp32.wake_on_touch, True)
attempt(esp32.wake_on_ext0, Pin(4))
attempt(esp32.wake_on_gpio, (Pin(4),), True)
attempt(Pin(4).irq, trigger=Pin.WAKE_LOW, wake=machine.SLEEP)
attempt(esp32.wake_on_touch, False)
attempt(esp32.wake_on_ext1, Pin(4))
attempt(esp32.wake_on_ext1, (Pin(4), Pin(5)), True)
attempt(esp32.wake_on_ext1, [4, Pin(39)], level=False)
attempt(esp32.wake_on_gpio, (Pin(5), 21), 0)
attempt(machine.deepsleep, 1)
attempt(esp32.wake_on_touch, True)
attempt(esp32.wake_on_gpio, (), 0)
attempt(esp32.wake_on_gpio, 5)
attempt(esp32.gpio_deep_sleep_hold, True)
attempt(esp32.gpio_deep_sleep_hold)
attempt(esp32.raw_temperature)

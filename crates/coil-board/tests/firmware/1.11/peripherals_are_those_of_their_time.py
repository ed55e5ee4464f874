from machine import DAC, I2C, Pin, RTC, SPI, Timer, TouchPad, UART
import machine, time


def attempt(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except (ValueError, TypeError) as e:
        print(repr(e))


attempt(UART, 0)
print(UART(1, 9600))
print(UART(2, tx=4, rx=5, timeout=50))
attempt(UART, 3)
print(SPI(1))
print(SPI(2, 1000000))
attempt(SPI, 3)
print(SPI(baudrate=100000, sck=Pin(0), mosi=Pin(2), miso=Pin(4)))
attempt(I2C, 0)
print(DAC(Pin(25)), DAC(Pin(26)))
attempt(DAC(Pin(25)).write, 256)
attempt(DAC, Pin(27))
print([TouchPad(Pin(n)).read() > 500 for n in (4, 0, 2, 15, 13, 12, 14, 27, 33, 32)])
attempt(TouchPad, Pin(5))
# Two bits of any number choose one of four.
t = Timer(-1)
text = str(t)
print(text[:6], text[text.index(";") :])
fired = []
t.init(mode=Timer.ONE_SHOT, period=20, callback=lambda t: fired.append(1))
print(str(t)[text.index(";") :])
time.sleep_ms(50)
print(fired)
t.deinit()
attempt(Timer)
attempt(Timer, 0, period=1)
for hz in (20000000, 80000000, 240000000):
    machine.freq(hz)
    print(machine.freq())
attempt(machine.freq, 100000000)
r = RTC()
r.memory(bytes(2048))
print(len(r.memory()))
attempt(r.memory, bytes(2049))
print(machine.unique_id())

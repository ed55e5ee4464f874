# jumper: 4-5
from machine import UART
import time

u = UART(1, 9600, tx=4, rx=5)


def handler(uart):
    print(uart is u, u.irq().flags(), uart.read())


irq = u.irq(handler, UART.IRQ_RX)
print(irq, irq is u.irq(), irq.trigger(), irq.flags())
for trigger in UART.IRQ_RX, UART.IRQ_RXIDLE, UART.IRQ_BREAK:
    print("trigger", irq.trigger(trigger))
    u.write("ab")
    time.sleep_ms(20)
    print("break")
    u.sendbreak()
    time.sleep_ms(20)
    print("rest", u.read())
# With a longer pause between characters they come together.
u.init(timeout_char=10)
irq.trigger(UART.IRQ_RX)
u.write("abc")
time.sleep_ms(50)
# A handler can be called by hand, replaced, and taken away.
irq()
time.sleep_ms(1)
u.irq(lambda u: print("other", u.read()), trigger=UART.IRQ_RX)
u.write("x")
time.sleep_ms(50)
u.irq(None)
u.write("y")
time.sleep_ms(50)
print(u.read(), irq.trigger())


def broken(u):
    raise ValueError(u.read())


u.irq(broken, UART.IRQ_RX)
u.write("z")
time.sleep_ms(50)
# A driver that comes back still calls.
u.deinit()
u.init(9600, tx=4, rx=5)
u.irq(handler, UART.IRQ_RX)
u.deinit()
u.init(9600, tx=4, rx=5)
u.write("!")
time.sleep_ms(50)

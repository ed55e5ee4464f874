from machine import UART

print(UART(1))
print(UART(2))
u = UART(1, 9600, 7, 0, 2, tx=4, rx=5, rts=18, cts=19, txbuf=512, rxbuf=1024, timeout=100, timeout_char=20)
print(u)
print(u is UART(1, 9600))
# What is not said stays as it was.
u.init(2400, parity=1)
print(u)
u.init(parity=None, tx=-1, invert=UART.INV_TX | UART.INV_RTS, flow=UART.RTS)
print(u)
u.init(invert=108, flow=3)
print(u)
u.irq(print, UART.IRQ_RX | UART.IRQ_BREAK)
print(u)
# A driver that is taken away forgets.
u.deinit()
u.init()
print(u)
for rate in (300, 1200, 4800, 19200, 38400, 57600, 230400, 460800, 921600, 1000000, 5000000):
    u.init(rate)
    print(str(u).split(",")[1])
print(UART.INV_TX, UART.INV_RX, UART.INV_RTS, UART.INV_CTS, UART.RTS, UART.CTS)
print(UART.IRQ_RX, UART.IRQ_RXIDLE, UART.IRQ_BREAK, hasattr(UART, "IRQ_TXIDLE"))

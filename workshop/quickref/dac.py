# DAC: voltages of eight bits on GPIO25 and GPIO26.
from machine import DAC, Pin

left = DAC(Pin(25))
for step in (0, 128, 255):
    left.write(step)
print(left)
for wrong in (lambda: left.write(256), lambda: DAC(Pin(27))):
    try:
        wrong()
    except ValueError as e:
        print(e)

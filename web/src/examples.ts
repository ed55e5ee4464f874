// The program that one can start with.
export const EXAMPLE = {
  name: "blink.py",
  source: `# The board's LED blinks, and the terminal tells how often.
from machine import Pin
from time import sleep

led = Pin(2, Pin.OUT)

for count in range(1, 6):
    led.on()
    sleep(0.3)
    led.off()
    sleep(0.3)
    print("blink:", count)
`,
};

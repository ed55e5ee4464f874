# Output: an LED on for two seconds, then a fade.
from machine import PWM, Pin
import time

led = Pin(2, Pin.OUT)
led.on()
time.sleep(2)
led.off()

fade = PWM(Pin(2), freq=1000, duty=0)
for duty in range(0, 1024, 128):
    fade.duty(duty)
    time.sleep_ms(50)
for duty in range(1023, -1, -128):
    fade.duty(duty)
    time.sleep_ms(50)
fade.deinit()
print("done")

# PWM: a lamp that is dimmed, and a servo.
from machine import Pin, PWM

lamp = PWM(Pin(2), freq=20_000, duty=512)
print(lamp)
print(lamp.freq(), lamp.duty(), lamp.duty_u16())
lamp.duty_u16(16384)
print(lamp.duty(), lamp.duty_ns(), "ns")
lamp.deinit()

servo = PWM(Pin(13), freq=50)
servo.duty_ns(1_500_000)
print(servo.freq(), "Hz", round(servo.duty_ns() / 1000), "us")
servo.deinit()
for wrong in (lambda: PWM(Pin(2), freq=0), lambda: PWM(Pin(2), freq=5000, duty=2000)):
    try:
        wrong()
    except ValueError as e:
        print(e)

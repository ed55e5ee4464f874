import machine


class Pin(machine.PinBase):
    def __init__(self, level):
        self.level = level

    def value(self, level=None):
        if level is None:
            return self.level
        print("to", level)
        self.level = int(level)


class Light(machine.Signal):
    pass


p = Pin(1)
for s in (machine.Signal(p), machine.Signal(p, invert=True), machine.Signal(machine.Signal(p, invert=True), invert=True), Light(p), Light(p, invert=1)):
    print(s(), s.value(), callable(s), s.on(), p.level, s.off(), p.level, s(5), s.value(0), p.level)


class Mute(machine.PinBase):
    pass


class Odd(machine.PinBase):
    def value(self, level=None):
        return "high"


for f in (lambda: machine.Signal(Mute()).on(), lambda: machine.Signal(Odd()).value(), lambda: machine.Signal(p, 1), lambda: machine.Signal(p, mode=3), lambda: Light(p)(1, 2)):
    try:
        print(f())
    except Exception as e:
        print(repr(e))
print(machine.PinBase() is not None)


class Blink(machine.PinBase):
    def __init__(self):
        self.level = 0

    def value(self, level=None):
        self.level = 1 - self.level
        print("is", self.level)
        return self.level


print(machine.time_pulse_us(Blink(), 1) < 50000)
print(machine.time_pulse_us(p, 1 - p.value(), 10), machine.time_pulse_us(p, p.value(), 10))

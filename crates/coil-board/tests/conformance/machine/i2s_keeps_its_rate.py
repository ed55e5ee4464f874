from machine import I2S, Pin
import time


def tried(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


PINS = {"sck": Pin(14), "ws": Pin(13), "sd": Pin(12)}


def make(**changes):
    settings = {"mode": I2S.TX, "bits": 16, "format": I2S.MONO, "rate": 8000, "ibuf": 4000}
    settings.update(PINS)
    settings.update(changes)
    return I2S(0, **settings)


def took(f):
    start = time.ticks_us()
    result = f()
    return result, (time.ticks_diff(time.ticks_us(), start) + 500) // 1000


tried(lambda: I2S())
tried(lambda: I2S(2))
tried(lambda: I2S(0))
tried(lambda: I2S(0, 14, 13, 12))
tried(lambda: make(mode=0))
tried(lambda: make(bits=8))
tried(lambda: make(format=2))
tried(lambda: make(rate=0))
tried(lambda: make(sd=34))
tried(lambda: make(sck=99))
tried(lambda: make(mck=4))
print(I2S.RX, I2S.TX, I2S.MONO, I2S.STEREO)
a = make()
print(a)
print(a is make(bits=32, format=I2S.STEREO, rate=44100))
print(a)
# Sending: what the hardware has room for goes at once, the rest at the rate.
make()
room = 4000 // 512 * 512
print(took(lambda: a.write(bytes(room))), took(lambda: a.write(bytes(1600))), took(lambda: a.write(bytes(16000))))
print(a.write(bytes(10), 4), a.write(bytes(10), 4, 2), a.write(b""))
tried(lambda: a.readinto(bytearray(4)))
# Hearing: silence, at the rate; what nobody reads in time is lost.
make(mode=I2S.RX, format=I2S.STEREO, bits=32)
b = bytearray(b"x" * 8000)
print(took(lambda: a.readinto(b)), b == bytes(8000))
time.sleep_ms(1000)
print(took(lambda: a.readinto(b)), took(lambda: a.readinto(b)))
tried(lambda: a.readinto(bytearray(7)))
tried(lambda: a.write(b"1234"))
tried(lambda: a.readinto(b, 16))
# In the background: the handler is told.
make()
done = []
tried(lambda: a.irq(1))
a.irq(lambda i2s: done.append(i2s is a))
print(took(lambda: a.write(bytes(room + 1600))), done)
time.sleep_ms(90)
print(done)
time.sleep_ms(20)
print(done)
# One at work and one that waits: a third is forgotten.
for i in range(3):
    a.write(bytes(1600))
time.sleep_ms(1000)
print(done)
a.irq(None)
print(took(lambda: a.write(bytes(1600)))[0])
a.deinit()
a.deinit()
tried(lambda: a.write(b"1234"))
# Louder and softer.
for bits in 16, 32:
    for shift in 1, -1, 3, -15:
        b = bytearray(b"\x10\x20\x30\xf0\x01\x00\xff\xff\x07")
        I2S.shift(buf=b, bits=bits, shift=shift)
        print(bits, shift, b)
tried(lambda: I2S.shift(buf=b, bits=8, shift=1))
tried(lambda: I2S.shift(b, 16, 1))
tried(lambda: I2S.shift(buf=b"abcd", bits=16, shift=1))

from machine import SPI, SoftSPI, Pin


def tried(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


for n in (0, 3, -2):
    tried(lambda: SPI(n))
tried(lambda: SPI("1"))
print(SPI(1), SPI(1) is SPI(1))
print(SPI(2))
tried(lambda: SPI(1, 1000000, 1))
tried(lambda: SPI(1, speed=1))
tried(lambda: SPI(1, bits=0))
tried(lambda: SPI(1, baudrate=0))
tried(lambda: SPI(1, sck=34))
tried(lambda: SPI(1, mosi=35))
tried(lambda: SPI(1, sck=24))
s = SPI(1, 2000000, polarity=1, phase=1, bits=16, firstbit=SPI.LSB, sck=Pin(18), mosi=Pin(23), miso=Pin(34))
print(s)
# What is not said stays as it was, unless it is made anew.
s.init(1000000)
print(s)
s.init(mosi=None, miso=None)
print(s)
print(SPI(1))
# The rate is the nearest that the dividers give.
for rate in 1, 9, 1000, 100001, 300000, 3000000, 7000000, 27000000, 50000000, 61000000, 90000000:
    s.init(baudrate=rate)
    print(rate, str(s).split(", ")[1])
s.deinit()
print(s)
tried(lambda: s.write(b"x"))
s.init()
s.write(b"x")
# The software's.
print(SoftSPI(sck=14, mosi=13, miso=12))
print(SoftSPI(100000, polarity=1, phase=1, firstbit=SoftSPI.LSB, sck=Pin(5), mosi=Pin(4), miso=Pin(34)))
for rate in 1, 7, 30000, 300000, 500001, 799999, 800000, 5000000:
    print(rate, str(SoftSPI(rate, sck=14, mosi=13, miso=12)).split(", ")[0])
tried(lambda: SoftSPI())
tried(lambda: SoftSPI(sck=14, mosi=13))
tried(lambda: SoftSPI(sck=14, mosi=13, miso=12, bits=16))
tried(lambda: SoftSPI(sck=14, mosi=13, miso=None))
tried(lambda: SoftSPI(500000, 0, 0, sck=14, mosi=13, miso=12))
s = SoftSPI(sck=14, mosi=13, miso=12)
s.init(250000, 1, 1, sck=5)
print(s)
tried(lambda: s.init(bits=8))
print(s.deinit(), s.write(b"x"))
# The old way to it.
print(SPI(-1, sck=14, mosi=13, miso=12))
tried(lambda: SPI())
tried(lambda: SPI(id=1))

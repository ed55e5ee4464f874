# Sensors of temperature and humidity on one wire: DHT11, and DHT22 alias AM2302.

try:
    from machine import dht_readinto
except ImportError:
    # Where firmware of before 2023 has it.
    from esp import dht_readinto


class DHTBase:
    def __init__(self, pin):
        self.pin = pin
        self.buf = bytearray(5)

    def measure(self):
        dht_readinto(self.pin, self.buf)
        if sum(self.buf[:4]) & 0xFF != self.buf[4]:
            raise Exception("checksum error")

    def _word(self, at):
        return self.buf[at] << 8 | self.buf[at + 1]


class DHT11(DHTBase):
    def humidity(self):
        return self.buf[0]

    def temperature(self):
        return self.buf[2]


class DHT22(DHTBase):
    def humidity(self):
        return self._word(0) * 0.1

    def temperature(self):
        # The highest bit is the sign, the others are the size.
        tenths = self._word(2)
        celsius = (tenths & 0x7FFF) * 0.1
        return -celsius if tenths & 0x8000 else celsius

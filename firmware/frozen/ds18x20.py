# Thermometers on a 1-Wire bus: DS18S20, DS1822 and DS18B20.

_FAMILIES = (0x10, 0x22, 0x28)
_CONVERT = 0x44
_READ_SCRATCHPAD = 0xBE
_WRITE_SCRATCHPAD = 0x4E


class DS18X20:
    def __init__(self, onewire):
        self.ow = onewire
        self.buf = bytearray(9)

    def scan(self):
        return [rom for rom in self.ow.scan() if rom[0] in _FAMILIES]

    def convert_temp(self):
        self.ow.reset(True)
        self.ow.writebyte(self.ow.SKIP_ROM)
        self.ow.writebyte(_CONVERT)

    def read_scratch(self, rom):
        self._ask(rom, _READ_SCRATCHPAD)
        self.ow.readinto(self.buf)
        if self.ow.crc8(self.buf):
            raise Exception("CRC error")
        return self.buf

    def write_scratch(self, rom, buf):
        self._ask(rom, _WRITE_SCRATCHPAD)
        self.ow.write(buf)

    def read_temp(self, rom):
        data = self.read_scratch(rom)
        steps = data[1] << 8 | data[0]
        if steps & 0x8000:
            steps -= 0x10000
        if rom[0] == 0x10:
            # Half degrees, and how far the next one is.
            return (steps >> 1) - 0.25 + (data[7] - data[6]) / data[7]
        return steps / 16

    def _ask(self, rom, command):
        self.ow.reset(True)
        self.ow.select_rom(rom)
        self.ow.writebyte(command)

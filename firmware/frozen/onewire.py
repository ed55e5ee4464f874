# The 1-Wire bus: who is on it, and bytes to and from one of them.

import _onewire


class OneWireError(Exception):
    pass


class OneWire:
    SEARCH_ROM = 0xF0
    MATCH_ROM = 0x55
    SKIP_ROM = 0xCC

    def __init__(self, pin):
        self.pin = pin
        self.pin.init(pin.OPEN_DRAIN, pin.PULL_UP)

    def reset(self, required=False):
        present = _onewire.reset(self.pin)
        if required and not present:
            raise OneWireError
        return present

    def readbit(self):
        return _onewire.readbit(self.pin)

    def readbyte(self):
        return _onewire.readbyte(self.pin)

    def readinto(self, buf):
        for at in range(len(buf)):
            buf[at] = self.readbyte()

    def writebit(self, value):
        _onewire.writebit(self.pin, value)

    def writebyte(self, value):
        _onewire.writebyte(self.pin, value)

    def write(self, buf):
        for byte in buf:
            self.writebyte(byte)

    def select_rom(self, rom):
        self.reset()
        self.writebyte(self.MATCH_ROM)
        self.write(rom)

    def scan(self):
        # Numbers are the leaves of a tree with a branch wherever two of them differ. Each pass goes down to
        # one leaf; the branches not taken on the way are where the next ones go.
        found = []
        prefixes = [[]]
        while prefixes:
            rom = self._descend(prefixes.pop(), prefixes)
            if rom:
                found.append(rom)
        return found

    def _descend(self, prefix, prefixes):
        if not self.reset():
            return None
        self.writebyte(self.SEARCH_ROM)
        bits = []
        while len(bits) < 64:
            bit = self.readbit()
            inverse = self.readbit()
            if bit and inverse:
                # Nobody answers any more.
                return None
            if len(bits) < len(prefix):
                bit = prefix[len(bits)]
            elif not bit and not inverse:
                prefixes.append(bits + [1])
            self.writebit(bit)
            bits.append(bit)
        rom = bytearray(8)
        for n, bit in enumerate(bits):
            rom[n >> 3] |= bit << (n & 7)
        return rom

    def crc8(self, data):
        return _onewire.crc8(data)

"""Sensors on one wire, such as DS18B20."""
from machine import Pin


class OneWireError(Exception):
    """No device answered."""


class OneWire:
    """A wire with any number of devices."""
    SEARCH_ROM: int
    """Command: tell your addresses."""
    MATCH_ROM: int
    """Command: an address follows."""
    SKIP_ROM: int
    """Command: all of you."""
    def __init__(self, pin: Pin) -> None:
        """The wire on this pin."""
    def scan(self) -> list[bytearray]:
        """The addresses of all devices."""
    def reset(self, required: bool = False) -> bool:
        """Begins anew, and says whether a device is there."""
    def select_rom(self, rom: bytes) -> None:
        """The device that the next bytes are for."""
    def readbit(self) -> int:
        """Reads a bit."""
    def readbyte(self) -> int:
        """Reads a byte."""
    def readinto(self, buf: bytearray) -> None:
        """Fills the buffer."""
    def writebit(self, value: int) -> None:
        """Writes a bit."""
    def writebyte(self, value: int) -> None:
        """Writes a byte."""
    def write(self, buf: bytes) -> None:
        """Writes bytes."""
    def crc8(self, data: bytes) -> int:
        """The checksum of bytes; 0 if they end with their own."""

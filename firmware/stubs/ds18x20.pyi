"""Temperature sensors DS18B20 on one wire."""
from onewire import OneWire


class DS18X20:
    """The sensors on a wire: convert_temp(), wait 750 ms, read_temp(address)."""
    def __init__(self, onewire: OneWire) -> None:
        """The sensors on this wire: DS18X20(OneWire(Pin(4)))."""
    def scan(self) -> list[bytearray]:
        """The sensors' addresses."""
    def convert_temp(self) -> None:
        """Tells all sensors to measure, which takes 750 ms."""
    def read_temp(self, rom: bytes) -> float:
        """What the sensor of this address has measured, in °C."""
    def read_scratch(self, rom: bytes) -> bytes:
        """A sensor's memory, nine bytes."""
    def write_scratch(self, rom: bytes, buf: bytes) -> None:
        """Writes a sensor's limits and how exact it is."""

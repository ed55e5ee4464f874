"""Sensors of temperature and humidity on one pin."""
from machine import Pin, dht_readinto as dht_readinto


class DHTBase:
    """What both sensors have in common."""
    def __init__(self, pin: Pin) -> None:
        """The sensor on this pin."""
    def measure(self) -> None:
        """Asks the sensor, at most once in one (DHT11) or two seconds (DHT22); OSError if it does not answer."""


class DHT11(DHTBase):
    """The sensor DHT11: whole degrees and percent."""
    def temperature(self) -> int:
        """The temperature at the last measure(), in °C."""
    def humidity(self) -> int:
        """The humidity at the last measure(), in percent."""


class DHT22(DHTBase):
    """The sensor DHT22: tenths of degrees and percent."""
    def temperature(self) -> float:
        """The temperature at the last measure(), in °C."""
    def humidity(self) -> float:
        """The humidity at the last measure(), in percent."""

"""Rows of lights of which each has its own colour (APA106)."""
from machine import Pin
from neopixel import NeoPixel as NeoPixel


class APA106(NeoPixel):
    """A row of lights on one pin, as NeoPixel."""

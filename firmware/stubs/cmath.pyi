"""Functions of complex numbers."""

e: float
"""Euler's number, 2.71828."""
pi: float
"""A circle's circumference divided by its diameter, 3.14159."""


def phase(z: complex) -> float:
    """The angle of z in radians."""
def polar(z: complex) -> tuple[float, float]:
    """The length and the angle of z."""
def rect(r: float, phi: float) -> complex:
    """The number of this length and angle."""
def exp(z: complex) -> complex:
    """e to the power of z."""
def log(z: complex) -> complex:
    """The natural logarithm."""
def log10(z: complex) -> complex:
    """The logarithm to the base 10."""
def sqrt(z: complex) -> complex:
    """The square root."""
def cos(z: complex) -> complex:
    """The cosine."""
def sin(z: complex) -> complex:
    """The sine."""

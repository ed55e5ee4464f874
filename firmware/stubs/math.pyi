"""Functions of numbers. Angles are in radians."""

e: float
"""Euler's number, 2.71828."""
pi: float
"""A circle's circumference divided by its diameter, 3.14159."""
tau: float
"""Two times pi."""
inf: float
"""Larger than every number."""
nan: float
"""What is no number, as of inf - inf; it is not even equal to itself."""


def sqrt(x: float) -> float:
    """The square root."""
def pow(x: float, y: float) -> float:
    """x to the power of y."""
def exp(x: float) -> float:
    """e to the power of x."""
def expm1(x: float) -> float:
    """e to the power of x, minus 1, exact for small x."""
def log(x: float, base: float = ...) -> float:
    """The logarithm, to the base e if no other is given."""
def log2(x: float) -> float:
    """The logarithm to the base 2."""
def log10(x: float) -> float:
    """The logarithm to the base 10."""
def sin(x: float) -> float:
    """The sine of an angle in radians."""
def cos(x: float) -> float:
    """The cosine of an angle in radians."""
def tan(x: float) -> float:
    """The tangent of an angle in radians."""
def asin(x: float) -> float:
    """The angle in radians that has this sine."""
def acos(x: float) -> float:
    """The angle in radians that has this cosine."""
def atan(x: float) -> float:
    """The angle in radians that has this tangent."""
def atan2(y: float, x: float) -> float:
    """The angle in radians of the point (x, y), seen from the origin."""
def sinh(x: float) -> float:
    """The hyperbolic sine."""
def cosh(x: float) -> float:
    """The hyperbolic cosine."""
def tanh(x: float) -> float:
    """The hyperbolic tangent."""
def asinh(x: float) -> float:
    """The inverse of sinh()."""
def acosh(x: float) -> float:
    """The inverse of cosh()."""
def atanh(x: float) -> float:
    """The inverse of tanh()."""
def ceil(x: float) -> int:
    """The next int that is not less."""
def floor(x: float) -> int:
    """The next int that is not more."""
def trunc(x: float) -> int:
    """The number without what is after its point."""
def fabs(x: float) -> float:
    """The number without its sign."""
def copysign(x: float, y: float) -> float:
    """x with the sign of y."""
def fmod(x: float, y: float) -> float:
    """What is left of x divided by y, with the sign of x."""
def modf(x: float) -> tuple[float, float]:
    """What is after the point, and what is before it."""
def frexp(x: float) -> tuple[float, int]:
    """m and e, so that x is m * 2**e and m is from 0.5 up to 1."""
def ldexp(x: float, e: int) -> float:
    """x * 2**e."""
def isfinite(x: float) -> bool:
    """Whether it is neither inf nor nan."""
def isinf(x: float) -> bool:
    """Whether it is inf or -inf."""
def isnan(x: float) -> bool:
    """Whether it is nan."""
def isclose(a: float, b: float, *, rel_tol: float = 1e-9, abs_tol: float = 0.0) -> bool:
    """Whether two numbers are nearly the same: as compared with their size, or by `abs_tol` at most."""
def radians(x: float) -> float:
    """Degrees as radians."""
def degrees(x: float) -> float:
    """Radians as degrees."""
def factorial(n: int) -> int:
    """1 * 2 * … * n."""
def erf(x: float) -> float:
    """The error function."""
def erfc(x: float) -> float:
    """1 - erf(x)."""
def gamma(x: float) -> float:
    """The gamma function; of n it is factorial(n - 1)."""
def lgamma(x: float) -> float:
    """The logarithm of the gamma function."""

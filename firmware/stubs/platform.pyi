"""What the firmware is made of."""


def platform() -> str:
    """The firmware's name and version."""
def python_compiler() -> str:
    """What it was compiled with."""
def libc_ver() -> tuple[str, str]:
    """The C library and its version."""

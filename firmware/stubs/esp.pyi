"""The chip's flash and log."""

LOG_NONE: int
"""Log: nothing."""
LOG_ERROR: int
"""Log: errors."""
LOG_WARNING: int
"""Log: warnings as well."""
LOG_INFO: int
"""Log: what happens as well."""
LOG_DEBUG: int
"""Log: more than that."""
LOG_VERBOSE: int
"""Log: everything."""


def osdebug(uart: int | None, level: int = 3) -> None:
    """Switches the log of the chip's system on, osdebug(0), or off, osdebug(None)."""
def flash_size() -> int:
    """The size of the flash in bytes."""
def flash_user_start() -> int:
    """Where in the flash the files begin."""
def flash_read(offset: int, buffer: bytearray) -> None:
    """Fills the buffer from the flash."""
def flash_write(offset: int, buffer: bytes) -> None:
    """Writes to the flash, where it was erased before."""
def flash_erase(sector: int) -> None:
    """Erases a sector of 4096 bytes."""
def gpio_matrix_in(pin: int, signal: int, invert: bool) -> None:
    """Leads a pin to one of the chip's parts."""
def gpio_matrix_out(pin: int, signal: int, invert: bool, invert_enable: bool) -> None:
    """Leads one of the chip's parts to a pin."""

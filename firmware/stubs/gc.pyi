"""The memory of Python's objects."""


def collect() -> int:
    """Frees what is not used any more."""
def mem_free() -> int:
    """How many bytes are free."""
def mem_alloc() -> int:
    """How many bytes are used."""
def threshold(amount: int = ...) -> int:
    """After how many new bytes memory is tidied up, -1 for only when it is full; with an argument it is set."""
def enable() -> None:
    """Memory is tidied up by itself when it is full."""
def disable() -> None:
    """Memory is not tidied up by itself any more."""
def isenabled() -> bool:
    """Whether memory is tidied up by itself."""

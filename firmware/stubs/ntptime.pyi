"""The time from the network."""
from time import gmtime as gmtime

host: str
"""Who is asked for the time."""
timeout: int
"""How many seconds it waits for the answer."""


def settime() -> None:
    """Sets the board's clock to the time of the world (UTC); needs the network."""
def time() -> int:
    """Asks for the time: seconds since 1 January 2000."""

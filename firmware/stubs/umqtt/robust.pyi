"""Messages over a broker (MQTT), with a connection that comes back by itself."""
from time import sleep as sleep
from typing import Any

from umqtt import simple


class MQTTClient(simple.MQTTClient):
    """A connection to a broker that is made again when it is lost."""
    DELAY: int
    """Seconds before it connects again."""
    DEBUG: bool
    """Whether it prints what goes wrong."""
    def delay(self, i: int) -> None:
        """Waits before it connects again."""
    def log(self, in_reconnect: bool, e: Exception) -> None:
        """Prints what went wrong, if DEBUG is set."""
    def reconnect(self) -> int:
        """Connects again, until it works."""
    def check_msg(self, attempts: int = 2) -> Any:
        """Hands a message to the callback if there is one, and comes back at once."""

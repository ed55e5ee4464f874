"""Messages over a broker (MQTT)."""
from collections.abc import Callable
from typing import Any

from struct import pack as pack, unpack as unpack


class MQTTException(Exception):
    """The broker said no."""


class MQTTClient:
    """A connection to a broker."""
    def __init__(self, client_id: str | bytes, server: str, port: int = 0, user: str | None = None, password: str | None = None, keepalive: int = 0, ssl: Any = None) -> None:
        """A client with a name of its own for this broker; port 0 is 1883, with ssl 8883. connect() comes next."""
    def connect(self, clean_session: bool = True, timeout: float | None = None) -> int:
        """Connects to the broker; `timeout` in seconds."""
    def disconnect(self) -> None:
        """Ends the connection."""
    def ping(self) -> None:
        """Tells the broker that the board is there, at least every `keepalive` seconds."""
    def publish(self, topic: str | bytes, msg: str | bytes, retain: bool = False, qos: int = 0) -> None:
        """Sends a message; with `retain` the broker keeps it, with `qos` 1 it waits until the broker has it."""
    def subscribe(self, topic: str | bytes, qos: int = 0) -> None:
        """Messages of this topic shall come; set_callback() must have been called."""
    def unsubscribe(self, topic: str | bytes) -> None:
        """Messages of this topic shall not come any more."""
    def set_callback(self, f: Callable[[bytes, bytes], Any]) -> None:
        """The function that gets topic and message, both as bytes."""
    def set_last_will(self, topic: str | bytes, msg: str | bytes, retain: bool = False, qos: int = 0) -> None:
        """The message that the broker sends when the board is lost; before connect()."""
    def wait_msg(self) -> Any:
        """Waits for a message and hands it to the callback."""
    def check_msg(self) -> Any:
        """Hands a message to the callback if there is one, and comes back at once."""

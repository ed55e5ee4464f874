"""The prompt over the network."""
from collections.abc import Callable
from typing import Any


def start(port: int = 8266, password: str | None = None, accept_handler: Callable[..., Any] | None = ...) -> None:
    """Starts it, with the password of webrepl_setup unless another is given."""
def stop() -> None:
    """Ends it."""
def start_foreground(port: int = 8266, password: str | None = None) -> None:
    """Starts it and waits for somebody to come in."""
def setup_conn(port: int, accept_handler: Callable[..., Any] | None) -> Any:
    """Begins to listen at the port."""
def accept_conn(listen_sock: Any) -> bool:
    """Takes somebody in who has connected."""
def server_handshake(cl: Any) -> bool:
    """Answers a browser that wants a WebSocket."""
def send_html(cl: Any) -> None:
    """Sends a browser to the page with the prompt."""

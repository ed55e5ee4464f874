"""Web pages and services (HTTP)."""
from typing import Any


class Response:
    """What a server answered; close() it when it is read."""
    @property
    def status_code(self) -> int:
        """How it went: 200 is well, 404 is that there is no such page."""
    @property
    def reason(self) -> bytes:
        """How it went, in words."""
    @property
    def headers(self) -> dict:
        """What the server told about its answer."""
    @property
    def text(self) -> str:
        """The answer as a text."""
    @property
    def content(self) -> bytes:
        """The answer as bytes."""
    def __init__(self, f: Any) -> None: ...
    def json(self) -> Any:
        """The value that the answer stands for in JSON."""
    def close(self) -> None:
        """Ends the connection and frees its memory."""


class BodyStream:
    """An answer that is read piece by piece."""
    def __init__(self, sock: Any, remaining: int) -> None: ...
    def read(self, n: int = -1) -> bytes:
        """Reads n bytes, or everything."""
    def readinto(self, buf: bytearray) -> int:
        """Fills the buffer and says with how many bytes."""
    def close(self) -> None:
        """Ends the connection."""


def request(method: str, url: str, data: Any = None, json: Any = None, headers: dict | None = None, stream: Any = None, auth: tuple[str, str] | None = None, timeout: float | None = None, parse_headers: Any = True) -> Response:
    """Asks a server: `data` or `json` is sent along, `auth` is name and password, `timeout` in seconds."""
def get(url: str, **kw: Any) -> Response:
    """Asks for a page: get('http://…', headers={}, timeout=10)."""
def post(url: str, **kw: Any) -> Response:
    """Sends something: post('http://…', json={'temperature': 21.5})."""
def put(url: str, **kw: Any) -> Response:
    """Sends something that takes the place of what is there."""
def patch(url: str, **kw: Any) -> Response:
    """Sends what changes."""
def delete(url: str, **kw: Any) -> Response:
    """Asks a server to delete something."""
def head(url: str, **kw: Any) -> Response:
    """Asks only what a server tells about a page."""

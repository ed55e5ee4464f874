"""Messages from board to board, without a network (ESP-NOW)."""
from collections.abc import Callable
from typing import Any

ADDR_LEN: int
"""Bytes of a hardware address."""
KEY_LEN: int
"""Bytes of a key."""
MAX_DATA_LEN: int
"""Bytes of a message, at most."""
MAX_TOTAL_PEER_NUM: int
"""Boards that can be known, at most."""
MAX_ENCRYPT_PEER_NUM: int
"""Boards with a key, at most."""


class ESPNowBase:
    """What ESPNow derives from."""
    def __init__(self) -> None: ...
    def active(self, flag: bool = ...) -> bool:
        """Whether it is on; with an argument it is switched."""
    def config(self, param: str = ..., /, *, rxbuf: int = ..., timeout_ms: int = ..., rate: int = ...) -> Any:
        """Gives a setting by its name, or sets some by name."""
    def irq(self, callback: Callable[..., Any], arg: Any = ...) -> None:
        """Calls the function when a message has come."""
    def stats(self) -> tuple[int, int, int, int, int]:
        """Messages sent, answered, not answered, received, lost."""
    def recvinto(self, data: list, timeout_ms: int | None = ...) -> int:
        """Waits for a message and puts sender and text into a list of buffers."""
    def send(self, peer_or_msg: bytes, msg: bytes | str = ..., sync: bool = True) -> bool:
        """Sends a message to a board, or to all if only that is given; whether it was received."""
    def any(self) -> bool:
        """Whether a message waits."""
    def set_pmk(self, pmk: bytes) -> None:
        """The key of 16 bytes with which keys are protected."""
    def add_peer(self, mac: bytes, lmk: bytes = ..., channel: int = ..., ifidx: int = ..., encrypt: bool = ...) -> None:
        """Makes a board known by its hardware address; send() needs that."""
    def mod_peer(self, mac: bytes, lmk: bytes = ..., channel: int = ..., ifidx: int = ..., encrypt: bool = ...) -> None:
        """Changes what is known of a board."""
    def del_peer(self, mac: bytes) -> None:
        """Forgets a board."""
    def get_peer(self, mac: bytes) -> tuple:
        """What is known of a board."""
    def get_peers(self) -> tuple:
        """What is known of all boards."""
    def peer_count(self) -> tuple[int, int]:
        """How many boards are known, and how many of them have a key."""
    def ioctl(self, request: int, arg: int) -> int:
        """What streams are asked, for select and asyncio."""


class ESPNow(ESPNowBase):
    """Messages from board to board; network.WLAN must be active, no network is needed."""
    def __init__(self) -> None:
        """Switch it on with active(True)."""
    def irq(self, callback: Callable[[ESPNow], Any]) -> None:
        """Calls the function with this object when a message has come."""
    def recv(self, timeout_ms: int | None = None) -> list:
        """Waits for a message: the sender's hardware address and the text as bytes; both None if none came in time."""
    def irecv(self, timeout_ms: int | None = None) -> list:
        """As recv(), without taking memory: the next message takes the place of this one."""

"""Connections over the network."""
from typing import Any


class socket:
    """One end of a connection over the network."""
    def __init__(self, family: int = 2, type: int = 1, proto: int = 0) -> None:
        """A socket for TCP; with type SOCK_DGRAM for UDP."""
    def connect(self, address: Any) -> None:
        """Connects to an address as getaddrinfo() gives it."""
    def bind(self, address: Any) -> None:
        """Takes an address and a port of the board: ('', 80) is port 80 of all addresses."""
    def listen(self, backlog: int = 2) -> None:
        """Lets others connect."""
    def accept(self) -> tuple[socket, tuple]:
        """Waits until somebody connects: a socket to them, and their address."""
    def send(self, data: bytes) -> int:
        """Sends bytes and says how many went out."""
    def sendall(self, data: bytes) -> None:
        """Sends all of the bytes."""
    def sendto(self, data: bytes, address: Any) -> int:
        """Sends bytes to an address (UDP)."""
    def recv(self, n: int, flags: int = 0) -> bytes:
        """Waits for bytes, at most n; b'' when the other end has closed."""
    def recvfrom(self, n: int, flags: int = 0) -> tuple[bytes, tuple]:
        """Waits for bytes, at most n, and gives them with the sender's address."""
    def read(self, n: int = -1) -> bytes:
        """Reads n bytes, or everything until the other end closes."""
    def readinto(self, buffer: bytearray, n: int = ...) -> int:
        """Fills the buffer and says with how many bytes."""
    def readline(self, n: int = ...) -> bytes:
        """Reads a line with its end."""
    def write(self, data: bytes, n: int = ...) -> int:
        """Sends all of the bytes."""
    def makefile(self, mode: str = "rb", buffering: int = 0) -> socket:
        """The socket itself, which is a stream already."""
    def setblocking(self, flag: bool) -> None:
        """Whether calls wait until they are done."""
    def settimeout(self, seconds: float | None) -> None:
        """How long calls wait before OSError comes; None is for ever."""
    def setsockopt(self, level: int, option: int, value: Any) -> None:
        """Sets an option: setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)."""
    def fileno(self) -> int:
        """The socket's number."""
    def ioctl(self, request: int, arg: int) -> int:
        """What streams are asked, for select and asyncio."""
    def close(self) -> None:
        """Ends the connection; the board has few sockets, so always do."""


AF_INET: int
"""Addresses of IPv4."""
AF_INET6: int
"""Addresses of IPv6."""
SOCK_STREAM: int
"""TCP: a connection, bytes come in order."""
SOCK_DGRAM: int
"""UDP: single packets, which may be lost."""
SOCK_RAW: int
"""Packets of IP themselves."""
IPPROTO_TCP: int
"""TCP's number, for options."""
IPPROTO_UDP: int
"""UDP's number, for options."""
IPPROTO_IP: int
"""IP's number, for options."""
SOL_SOCKET: int
"""Options of the socket itself."""
SO_REUSEADDR: int
"""Option: the port can be taken again at once."""
SO_BROADCAST: int
"""Option: packets to all may be sent."""
TCP_NODELAY: int
"""Option: small pieces go out at once."""
IP_ADD_MEMBERSHIP: int
"""Option: join a group of addresses."""
MSG_PEEK: int
"""Flag: look without taking out."""
MSG_DONTWAIT: int
"""Flag: do not wait."""


def getaddrinfo(host: str, port: int, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0) -> list[tuple]:
    """Asks for a name's address: getaddrinfo(host, port)[0][-1] is what connect() takes."""

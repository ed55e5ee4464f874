"""Encrypted connections (TLS)."""
from typing import Any


class SSLContext:
    """What several encrypted connections have in common."""
    @property
    def verify_mode(self) -> int:
        """Whether the other end must show a certificate: CERT_NONE, CERT_OPTIONAL or CERT_REQUIRED."""
    def __init__(self, protocol: int) -> None:
        """A context for PROTOCOL_TLS_CLIENT or PROTOCOL_TLS_SERVER."""
    def wrap_socket(self, sock: Any, *, server_side: bool = False, do_handshake_on_connect: bool = True, server_hostname: str | None = None, client_id: bytes | None = None) -> SSLSocket:
        """Encrypts the connection of a socket; it takes about 40 KB of the chip's memory."""
    def load_verify_locations(self, cafile: str | None = None, cadata: bytes | None = None) -> None:
        """Says whose certificates are trusted, by a file or by its bytes."""
    def load_cert_chain(self, certfile: Any, keyfile: Any) -> None:
        """The own certificate and its key."""
    def get_ciphers(self) -> list[str]:
        """The ways to encrypt that are known."""
    def set_ciphers(self, ciphers: list[str]) -> None:
        """The ways to encrypt that may be used."""


class SSLSocket:
    """An encrypted connection."""
    def read(self, n: int = -1) -> bytes:
        """Reads n bytes, or everything until the other end closes."""
    def readinto(self, buffer: bytearray, n: int = ...) -> int:
        """Fills the buffer and says with how many bytes."""
    def readline(self, n: int = ...) -> bytes:
        """Reads a line with its end."""
    def write(self, data: bytes, n: int = ...) -> int:
        """Sends bytes and says how many."""
    def setblocking(self, flag: bool) -> None:
        """Whether calls wait until they are done."""
    def settimeout(self, seconds: float | None) -> None:
        """How long calls wait before OSError comes; None is for ever."""
    def cipher(self) -> tuple:
        """How it is encrypted, and the version of TLS."""
    def getpeercert(self, binary_form: bool) -> bytes:
        """The other end's certificate."""
    def ioctl(self, request: int, arg: int) -> int:
        """What streams are asked, for select and asyncio."""
    def close(self) -> None:
        """Ends the connection."""


PROTOCOL_TLS_CLIENT: int
"""The board connects to a server."""
PROTOCOL_TLS_SERVER: int
"""Others connect to the board."""
PROTOCOL_DTLS_CLIENT: int
"""The same over UDP: the board connects."""
PROTOCOL_DTLS_SERVER: int
"""The same over UDP: others connect."""
CERT_NONE: int
"""The other end's certificate is not looked at."""
CERT_OPTIONAL: int
"""The other end's certificate is checked if it shows one."""
CERT_REQUIRED: int
"""The other end must show a certificate that is trusted."""
MBEDTLS_VERSION: str
"""The version of the library that encrypts."""


def wrap_socket(sock: Any, server_side: bool = False, key: bytes | None = None, cert: bytes | None = None, cert_reqs: int = 0, cadata: bytes | None = None, server_hostname: str | None = None, do_handshake: bool = True) -> SSLSocket:
    """Encrypts the connection of a socket; without `cadata` and `cert_reqs` nobody's certificate is checked."""

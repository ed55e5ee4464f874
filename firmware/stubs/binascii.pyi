"""Bytes as text, and back."""


def hexlify(data: bytes, sep: bytes = ...) -> bytes:
    """The bytes as hexadecimal digits, with something between each two if wanted."""
def unhexlify(data: bytes) -> bytes:
    """The bytes of hexadecimal digits."""
def b2a_base64(data: bytes, newline: bool = True) -> bytes:
    """The bytes in Base64, with an end of line unless told otherwise."""
def a2b_base64(data: bytes) -> bytes:
    """The bytes that a text in Base64 stands for."""
def crc32(data: bytes, crc: int = 0) -> int:
    """The checksum CRC-32; of a part that follows another with that one's."""

"""Numbers as bytes. Formats: < little or > big end first, then b B (1 byte), h H (2), i I (4), q Q (8), f (float), s (bytes); capitals have no sign."""


def pack(format: str, *values: float | bytes) -> bytes:
    """The values as bytes: pack('<hB', -2, 7)."""
def pack_into(format: str, buffer: bytearray, offset: int, *values: float | bytes) -> None:
    """Puts the values as bytes into a buffer, from this place on."""
def unpack(format: str, data: bytes, offset: int = 0) -> tuple:
    """The values that the bytes are."""
def unpack_from(format: str, data: bytes, offset: int = 0) -> tuple:
    """The values that the bytes are, from this place on."""
def calcsize(format: str) -> int:
    """How many bytes such values have."""

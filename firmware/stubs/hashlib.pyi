"""Checksums that nobody can forge."""


class sha256:
    """SHA-256: 32 bytes."""
    def __init__(self, data: bytes = ...) -> None:
        """A checksum of these bytes and of those that update() brings."""
    def update(self, data: bytes) -> None:
        """Takes more bytes."""
    def digest(self) -> bytes:
        """The checksum; after it no more bytes can be taken."""
    def hexdigest(self) -> str:
        """The checksum as hexadecimal digits."""


class sha1(sha256):
    """SHA-1: 20 bytes, not safe any more."""


class md5(sha256):
    """MD5: 16 bytes, not safe any more."""

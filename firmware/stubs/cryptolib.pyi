"""Encryption of bytes."""


class aes:
    """AES with a key of 16 or 32 bytes."""
    def __init__(self, key: bytes, mode: int, IV: bytes = ...) -> None:
        """mode 1 is ECB, 2 is CBC, 6 is CTR; the latter two begin with `IV`, 16 bytes."""
    def encrypt(self, data: bytes, out: bytearray = ...) -> bytes:
        """Encrypts bytes, a multiple of 16 of them; into `out` if that is given."""
    def decrypt(self, data: bytes, out: bytearray = ...) -> bytes:
        """Decrypts bytes; into `out` if that is given."""

"""Virtual ESP32 boards with MicroPython for tests."""

from .board import Board, BoardError, Result

__all__ = ["Board", "BoardError", "Result"]

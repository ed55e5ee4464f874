"""What only this chip has: waking, settings that stay, partitions, pulses."""
from collections.abc import Callable
from typing import Any

from machine import Pin


class NVS:
    """Settings that stay when the power goes, by name."""
    def __init__(self, namespace: str) -> None:
        """The settings of this group."""
    def get_i32(self, key: str) -> int:
        """The number of this name; OSError if there is none."""
    def set_i32(self, key: str, value: int) -> None:
        """Sets a number of 32 bits; commit() comes next."""
    def get_blob(self, key: str, buffer: bytearray) -> int:
        """Puts the bytes of this name into the buffer and says how many."""
    def set_blob(self, key: str, value: bytes) -> None:
        """Sets bytes; commit() comes next."""
    def erase_key(self, key: str) -> None:
        """Removes what has this name."""
    def commit(self) -> None:
        """Writes to the flash what was set."""


class Partition:
    """A part of the flash."""
    BOOT: int
    """The partition that starts next."""
    RUNNING: int
    """The partition that runs."""
    TYPE_APP: int
    """Kind: firmware."""
    TYPE_DATA: int
    """Kind: data."""
    def __init__(self, id: str | int, block_size: int = 4096) -> None:
        """The partition of this name, or Partition.BOOT or Partition.RUNNING."""
    @staticmethod
    def find(type: int = 0, subtype: int = 255, label: str | None = None, block_size: int = 4096) -> list[Partition]:
        """The partitions of this kind and name."""
    @classmethod
    def mark_app_valid_cancel_rollback(cls) -> None:
        """The firmware that runs is well and shall stay."""
    def info(self) -> tuple:
        """Kind, kind within that, address, size in bytes, name, whether it is encrypted."""
    def readblocks(self, block: int, buffer: bytearray, offset: int = 0) -> None:
        """Fills the buffer from this block on."""
    def writeblocks(self, block: int, buffer: bytes, offset: int = 0) -> None:
        """Writes the buffer from this block on."""
    def ioctl(self, op: int, arg: int) -> int | None:
        """What block devices are asked."""
    def set_boot(self) -> None:
        """The firmware of this partition starts next."""
    def get_next_update(self) -> Partition:
        """The partition for the next firmware."""


class PCNT:
    """Counts pulses on a pin."""
    IGNORE: int
    """At an edge: nothing."""
    INCREMENT: int
    """At an edge: one more."""
    DECREMENT: int
    """At an edge: one less."""
    NORMAL: int
    """By the level of mode_pin: as usual."""
    REVERSE: int
    """By the level of mode_pin: the other way round."""
    HOLD: int
    """By the level of mode_pin: not at all."""
    IRQ_ZERO: int
    """Trigger: the count is 0."""
    IRQ_MIN: int
    """Trigger: the count is `min`."""
    IRQ_MAX: int
    """Trigger: the count is `max`."""
    IRQ_THRESHOLD0: int
    """Trigger: the count is `threshold0`."""
    IRQ_THRESHOLD1: int
    """Trigger: the count is `threshold1`."""
    def __init__(self, id: int, *, channel: int = 0, pin: Pin = ..., rising: int = ..., falling: int = ..., mode_pin: Pin = ..., mode_low: int = ..., mode_high: int = ..., min: int = ..., max: int = ..., filter: int = ..., threshold0: int = ..., threshold1: int = ..., value: int = ...) -> None:
        """The counter 0 to 7; it counts after start()."""
    def init(self, *, channel: int = 0, pin: Pin = ..., rising: int = ..., falling: int = ..., mode_pin: Pin = ..., mode_low: int = ..., mode_high: int = ..., min: int = ..., max: int = ..., filter: int = ..., threshold0: int = ..., threshold1: int = ..., value: int = ...) -> None:
        """Sets it up anew."""
    def value(self, value: int = ...) -> int:
        """The count, from -32768 to 32767; value(0) gives it as well and begins anew."""
    def irq(self, handler: Callable[[PCNT], Any] | None = None, trigger: int = ...) -> Any:
        """Calls the handler with the counter when the trigger happens."""
    def start(self) -> None:
        """Begins to count."""
    def stop(self) -> None:
        """Stops counting."""
    def deinit(self) -> None:
        """Stops counting and gives the counter back."""


class RMT:
    """Sends pulses of exact lengths while the program goes on."""
    PULSE_MAX: int
    """The longest pulse."""
    def __init__(self, id: int = ..., pin: Pin = ..., resolution_hz: int = ..., clock_div: int = ..., idle_level: bool = ..., tx_carrier: tuple[int, int, bool] | None = ..., num_symbols: int = ...) -> None:
        """Pulses on this pin, whose lengths are counted in units of 1/resolution_hz seconds."""
    def active(self, enable: bool = ...) -> bool:
        """Whether pulses are sent; with an argument it is switched."""
    def clock_div(self) -> int:
        """By what the clock of 80 MHz is divided."""
    def loop(self, enable: bool) -> None:
        """Whether the pulses are sent again and again."""
    def loop_count(self, count: int) -> None:
        """How often the pulses are sent: -1 is for ever."""
    def wait_done(self, *, timeout: int = 0) -> bool:
        """Whether all is sent, after at most so many milliseconds."""
    def write_pulses(self, duration: Any, data: Any = ...) -> None:
        """Sends pulses of these lengths, whose level changes each time, from `data` (True is high) on."""
    def deinit(self) -> None:
        """Ends the pulses and gives the pin back."""
    @staticmethod
    def source_freq() -> int:
        """The clock before it is divided, in Hz."""
    @staticmethod
    def bitstream_rmt(enable: bool = ...) -> bool:
        """Whether machine.bitstream() sends by RMT; with an argument it is switched."""
    @staticmethod
    def bitstream_channel(channel: int = ...) -> int:
        """The older form of bitstream_rmt()."""


class ULP:
    """The small processor that runs in deep sleep."""
    RESERVE_MEM: int
    """Bytes of memory for its program."""
    def __init__(self) -> None: ...
    def load_binary(self, load_addr: int, program_binary: bytes) -> None:
        """Puts a program into its memory."""
    def run(self, entry_point: int) -> None:
        """Starts it at this address."""
    def set_wakeup_period(self, period_index: int, period_us: int) -> None:
        """How many microseconds it sleeps between two runs."""


HEAP_DATA: int
"""Memory for data."""
HEAP_EXEC: int
"""Memory for instructions."""
WAKEUP_ALL_LOW: bool
"""Level: all of the pins are low."""
WAKEUP_ANY_HIGH: bool
"""Level: one of the pins is high."""


def wake_on_touch(wake: bool) -> None:
    """Whether a finger on a TouchPad wakes the board."""
def wake_on_ulp(wake: bool) -> None:
    """Whether the small processor wakes the board."""
def wake_on_ext0(pin: Pin | None = ..., level: bool = ...) -> None:
    """The pin that wakes the board, at the level WAKEUP_ALL_LOW or WAKEUP_ANY_HIGH; None for none."""
def wake_on_ext1(pins: tuple[Pin, ...] | None = ..., level: bool = ...) -> None:
    """The pins that wake the board: when all are low, or one is high."""
def wake_on_gpio(pins: tuple[Pin, ...] | None = ..., level: bool = ...) -> None:
    """The pins that wake the board from light sleep: when one is low, or one is high."""
def gpio_deep_sleep_hold(enable: bool) -> None:
    """Whether pins that are held keep their level in deep sleep."""
def raw_temperature() -> int:
    """The temperature within the chip, in degrees Fahrenheit; it is warmer there than outside."""
def idf_heap_info(capabilities: int) -> list[tuple[int, int, int, int]]:
    """The chip's own memory beside Python's: for each part its size, what is free, the largest piece, and the least that was free."""

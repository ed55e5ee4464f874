"""The chip's hardware: pins, buses, timers, sleep."""
from collections.abc import Callable
from typing import Any


class Pin:
    """A pin of the chip, by its GPIO number; from 34 on they are inputs without pull resistors."""
    IN: int
    """Mode: an input."""
    OUT: int
    """Mode: an output."""
    OPEN_DRAIN: int
    """Mode: an output that pulls to GND or lets go, never drives high."""
    PULL_UP: int
    """A resistor of the chip to 3.3 V: the level is 1 while nothing else pulls."""
    PULL_DOWN: int
    """A resistor of the chip to GND: the level is 0 while nothing else pulls."""
    IRQ_RISING: int
    """Trigger: the level goes from 0 to 1."""
    IRQ_FALLING: int
    """Trigger: the level goes from 1 to 0."""
    WAKE_LOW: int
    """Trigger: as long as the level is 0."""
    WAKE_HIGH: int
    """Trigger: as long as the level is 1."""
    DRIVE_0: int
    """Drive strength of about 5 mA."""
    DRIVE_1: int
    """Drive strength of about 10 mA."""
    DRIVE_2: int
    """Drive strength of about 20 mA, as after a reset."""
    DRIVE_3: int
    """Drive strength of about 40 mA."""
    class board:
        """The board's own names of pins, if it has any."""
    def __init__(self, id: int, mode: int = -1, pull: int | None = -1, *, value: int = ..., drive: int = ..., hold: bool = ...) -> None:
        """The pin with this GPIO number; `value` is the first level of an output, `pull` can be PULL_UP, PULL_DOWN or None."""
    def init(self, mode: int = -1, pull: int | None = -1, *, value: int = ..., drive: int = ..., hold: bool = ...) -> None:
        """Sets the pin up anew; what is not given stays as it is."""
    def value(self, x: int = ...) -> int:
        """The level, 0 or 1; with an argument it is set."""
    def on(self) -> None:
        """Sets the level to 1."""
    def off(self) -> None:
        """Sets the level to 0."""
    def toggle(self) -> None:
        """Sets the other level than the one it has."""
    def irq(self, handler: Callable[[Pin], Any] | None = None, trigger: int = 3, wake: int | None = None) -> Any:
        """Calls the handler with the pin when the trigger happens; it must be short, as the program waits meanwhile."""


class PinBase:
    """To derive from: a class with a method value() that takes a pin's place, for Signal and others."""
    def __init__(self) -> None: ...


class Signal:
    """A pin that is on or off, whichever level that is."""
    def __init__(self, pin: Pin | int, *args: Any, invert: bool = False, **kwargs: Any) -> None:
        """With `invert` it is on while the level is 0, as of LEDs that are wired to the supply."""
    def value(self, x: int = ...) -> int:
        """1 while it is on, else 0; with an argument it is switched."""
    def on(self) -> None:
        """Switches it on."""
    def off(self) -> None:
        """Switches it off."""


class PWM:
    """Pulses of a set frequency and length on a pin: for dimming, servos, tones; 16 pins at most."""
    def __init__(self, dest: Pin | int, freq: int = ..., *, duty: int = ..., duty_u16: int = ..., duty_ns: int = ..., invert: bool = False, lightsleep: bool = False) -> None:
        """Pulses on this pin: `freq` in Hz (5000 unless given), and how long they are in one of three units."""
    def init(self, freq: int = ..., *, duty: int = ..., duty_u16: int = ..., duty_ns: int = ..., invert: bool = False, lightsleep: bool = False) -> None:
        """Sets it up anew; what is not given stays as it is."""
    def deinit(self) -> None:
        """Ends the pulses and gives the pin back."""
    def freq(self, hz: int = ...) -> int:
        """The frequency in Hz, 1 to 40,000,000; with an argument it is set."""
    def duty(self, duty: int = ...) -> int:
        """How much of the time the level is 1, from 0 (never) to 1023; with an argument it is set."""
    def duty_u16(self, duty: int = ...) -> int:
        """How much of the time the level is 1, from 0 (never) to 65535 (always); with an argument it is set."""
    def duty_ns(self, ns: int = ...) -> int:
        """How long a pulse is in nanoseconds (servos: 500,000 to 2,500,000); with an argument it is set."""


class ADC:
    """Measures the voltage on a pin, 32 to 39 at any time, 0, 2, 4, 12 to 15 and 25 to 27 while WiFi is off."""
    ATTN_0DB: int
    """Range up to about 0.95 V."""
    ATTN_2_5DB: int
    """Range up to about 1.25 V."""
    ATTN_6DB: int
    """Range up to about 1.75 V."""
    ATTN_11DB: int
    """Range up to about 3.1 V, as it is unless set otherwise."""
    WIDTH_9BIT: int
    """read() gives 0 to 511."""
    WIDTH_10BIT: int
    """read() gives 0 to 1023."""
    WIDTH_11BIT: int
    """read() gives 0 to 2047."""
    WIDTH_12BIT: int
    """read() gives 0 to 4095, as it is unless set otherwise."""
    def __init__(self, pin: Pin | int, *, atten: int = ...) -> None:
        """Measures on this pin; `atten` is the range, such as ADC.ATTN_11DB."""
    def init(self, *, atten: int = ...) -> None:
        """Sets the range anew."""
    def atten(self, atten: int) -> None:
        """Sets the range, such as ADC.ATTN_11DB."""
    def width(self, bits: int) -> None:
        """Sets how many bits read() has, 9 to 12, for all pins of the same converter."""
    def read(self) -> int:
        """The voltage as a number from 0 to 4095, where 4095 is the end of the range."""
    def read_u16(self) -> int:
        """The voltage as a number from 0 to 65535, where 65535 is the end of the range."""
    def read_uv(self) -> int:
        """The voltage in microvolts."""
    def block(self) -> ADCBlock:
        """The converter that this pin belongs to."""
    def deinit(self) -> None:
        """Ends the measurement and gives the pin back."""


class ADCBlock:
    """A converter with all its pins, by its number: 0 or 1."""
    def __init__(self, id: int, *, bits: int) -> None:
        """The converter 0 or 1; `bits` are 9 to 12."""
    def init(self, *, bits: int) -> None:
        """Sets how many bits a measurement has."""
    def connect(self, channel_or_pin: int | Pin, pin: Pin = ..., *, atten: int = ...) -> ADC:
        """The ADC of a channel or a pin of this converter."""


class DAC:
    """Puts out a voltage on pin 25 or 26."""
    def __init__(self, pin: Pin | int) -> None:
        """The pin's converter; each can be made once after a reset."""
    def write(self, value: int) -> None:
        """Sets the voltage: 0 is 0 V, 255 is 3.3 V."""


class TouchPad:
    """Feels a finger on pin 0, 2, 4, 12 to 15, 27, 32 or 33."""
    def __init__(self, pin: Pin | int) -> None:
        """Makes the pin one that can be touched."""
    def read(self) -> int:
        """A number that is smaller the nearer a finger is."""
    def config(self, threshold: int) -> None:
        """Sets below which number it is touched, for waking up."""


class Timer:
    """Calls a function after a time or again and again: 0 to 3 are the chip's timers, -1 any number of them by software."""
    ONE_SHOT: int
    """Mode: calls once."""
    PERIODIC: int
    """Mode: calls again and again."""
    def __init__(self, id: int = -1, *, mode: int = 1, callback: Callable[[Timer], Any] | None = None, period: int = ..., tick_hz: int = 1000, freq: float = ..., hard: bool = False) -> None:
        """The timer of this number; with settings it starts at once."""
    def init(self, *, mode: int = 1, callback: Callable[[Timer], Any] | None = None, period: int = ..., tick_hz: int = 1000, freq: float = ..., hard: bool = False) -> None:
        """Starts the timer: `callback` is called with it after `period` milliseconds, or `freq` times a second."""
    def deinit(self) -> None:
        """Stops the timer."""
    def value(self) -> int:
        """Milliseconds since the period began."""


class I2C:
    """The bus for displays and sensors on two wires, SCL and SDA, as controller."""
    def __init__(self, id: int = 0, *, scl: Pin | int = ..., sda: Pin | int = ..., freq: int = 400000, timeout: int = 50000) -> None:
        """The chip's bus 0 or 1; `freq` in Hz, `timeout` in microseconds."""
    def init(self, scl: Pin | int, sda: Pin | int, *, freq: int = 400000, timeout: int = 50000) -> None:
        """Sets the bus up anew (SoftI2C alone)."""
    def deinit(self) -> None:
        """Gives the bus back."""
    def scan(self) -> list[int]:
        """The addresses of the devices that answer, of 8 to 119."""
    def start(self) -> None:
        """Puts a start condition on the bus (SoftI2C alone)."""
    def stop(self) -> None:
        """Puts a stop condition on the bus (SoftI2C alone)."""
    def readinto(self, buffer: bytearray, nack: bool = True) -> None:
        """Fills the buffer with bytes from the bus (SoftI2C alone)."""
    def write(self, data: bytes) -> int:
        """Writes bytes to the bus and says how many were acknowledged (SoftI2C alone)."""
    def readfrom(self, addr: int, n: int, stop: bool = True) -> bytes:
        """Reads n bytes from the device at the address."""
    def readfrom_into(self, addr: int, buffer: bytearray, stop: bool = True) -> None:
        """Fills the buffer with bytes from the device at the address."""
    def writeto(self, addr: int, data: bytes, stop: bool = True) -> int:
        """Writes bytes to the device at the address and says how many were acknowledged."""
    def writevto(self, addr: int, vector: list[bytes], stop: bool = True) -> int:
        """Writes several buffers to the device at the address, one after the other."""
    def readfrom_mem(self, addr: int, memaddr: int, nbytes: int, *, addrsize: int = 8) -> bytes:
        """Reads bytes from a register of the device; `addrsize` is the bits of the register's number."""
    def readfrom_mem_into(self, addr: int, memaddr: int, buf: bytearray, *, addrsize: int = 8) -> None:
        """Fills the buffer from a register of the device."""
    def writeto_mem(self, addr: int, memaddr: int, buf: bytes, *, addrsize: int = 8) -> None:
        """Writes bytes into a register of the device."""


class SoftI2C(I2C):
    """The same bus by software, on any two pins."""
    def __init__(self, scl: Pin | int, sda: Pin | int, *, freq: int = 400000, timeout: int = 50000) -> None:
        """A bus on these pins; `freq` in Hz, `timeout` in microseconds."""


class SPI:
    """The bus for displays and memory cards, with a clock and a wire in each direction, as controller."""
    MSB: int
    """The highest bit goes first."""
    LSB: int
    """The lowest bit goes first."""
    def __init__(self, id: int, baudrate: int = 500000, *, polarity: int = 0, phase: int = 0, bits: int = 8, firstbit: int = 0, sck: Pin | int = ..., mosi: Pin | int = ..., miso: Pin | int = ...) -> None:
        """The chip's bus 1 (pins 14, 13, 12 unless given) or 2 (18, 23, 19); `baudrate` in bits a second."""
    def init(self, baudrate: int = ..., *, polarity: int = ..., phase: int = ..., bits: int = ..., firstbit: int = ..., sck: Pin | int = ..., mosi: Pin | int = ..., miso: Pin | int = ...) -> None:
        """Sets the bus up anew; what is not given stays as it is."""
    def deinit(self) -> None:
        """Gives the bus back."""
    def read(self, n: int, write: int = 0) -> bytes:
        """Reads n bytes, while the byte `write` is sent again and again."""
    def readinto(self, buffer: bytearray, write: int = 0) -> None:
        """Fills the buffer, while the byte `write` is sent again and again."""
    def write(self, data: bytes) -> None:
        """Sends bytes; what comes back is not kept."""
    def write_readinto(self, data: bytes, buffer: bytearray) -> None:
        """Sends bytes and fills the buffer, which is as long, with what comes back."""


class SoftSPI(SPI):
    """The same bus by software, on any three pins."""
    def __init__(self, baudrate: int = 500000, *, polarity: int = 0, phase: int = 0, bits: int = 8, firstbit: int = 0, sck: Pin | int = ..., mosi: Pin | int = ..., miso: Pin | int = ...) -> None:
        """A bus on these pins; `baudrate` in bits a second."""


class UART:
    """A serial port: bytes over a wire in each direction, TX and RX."""
    INV_TX: int
    """Inversion of TX."""
    INV_RX: int
    """Inversion of RX."""
    INV_RTS: int
    """Inversion of RTS."""
    INV_CTS: int
    """Inversion of CTS."""
    RTS: int
    """Flow control by RTS."""
    CTS: int
    """Flow control by CTS."""
    IRQ_RX: int
    """Trigger: something came."""
    IRQ_RXIDLE: int
    """Trigger: something came and no more follows."""
    IRQ_BREAK: int
    """Trigger: the line was held low for longer than a character lasts."""
    def __init__(self, id: int, baudrate: int = 115200, bits: int = 8, parity: int | None = None, stop: int = 1, *, tx: Pin | int = ..., rx: Pin | int = ..., rts: Pin | int = ..., cts: Pin | int = ..., txbuf: int = 256, rxbuf: int = 256, timeout: int = 0, timeout_char: int = 0, invert: int = 0, flow: int = 0) -> None:
        """The port 1 or 2 (0 is the prompt's); `timeout` is how many milliseconds a read waits for the first byte."""
    def init(self, baudrate: int = ..., bits: int = ..., parity: int | None = ..., stop: int = ..., *, tx: Pin | int = ..., rx: Pin | int = ..., rts: Pin | int = ..., cts: Pin | int = ..., txbuf: int = ..., rxbuf: int = ..., timeout: int = ..., timeout_char: int = ..., invert: int = ..., flow: int = ...) -> None:
        """Sets the port up anew; what is not given stays as it is."""
    def deinit(self) -> None:
        """Gives the port back."""
    def any(self) -> int:
        """How many bytes have come and wait to be read."""
    def read(self, n: int = ...) -> bytes | None:
        """Reads n bytes, or all that are there; None if nothing came in time."""
    def readline(self, n: int = ...) -> bytes | None:
        """Reads a line with its end; None if nothing came in time."""
    def readinto(self, buffer: bytearray, n: int = ...) -> int | None:
        """Fills the buffer and says with how many bytes; None if nothing came in time."""
    def write(self, data: bytes, off: int = ..., n: int = ...) -> int | None:
        """Sends bytes or a text and says how many."""
    def flush(self) -> None:
        """Waits until everything is sent."""
    def txdone(self) -> bool:
        """Whether everything is sent."""
    def sendbreak(self) -> None:
        """Holds the line low for longer than a character lasts."""
    def irq(self, handler: Callable[[UART], Any] | None = None, trigger: int = 0, hard: bool = False) -> Any:
        """Calls the handler with the port when the trigger happens."""
    def ioctl(self, request: int, arg: int) -> int:
        """What streams are asked, for select and asyncio."""


class I2S:
    """Sound in and out, on three wires: clock, word select, data."""
    RX: int
    """Mode: sound comes in."""
    TX: int
    """Mode: sound goes out."""
    STEREO: int
    """Format: two channels."""
    MONO: int
    """Format: one channel."""
    def __init__(self, id: int, *, sck: Pin, ws: Pin, sd: Pin, mode: int, bits: int, format: int, rate: int, ibuf: int) -> None:
        """The port 0 or 1; `bits` are 16 or 32, `rate` is samples a second, `ibuf` bytes that may wait."""
    def init(self, *, sck: Pin, ws: Pin, sd: Pin, mode: int, bits: int, format: int, rate: int, ibuf: int) -> None:
        """Sets the port up anew."""
    def deinit(self) -> None:
        """Gives the port back."""
    def readinto(self, buffer: bytearray, n: int = ...) -> int:
        """Fills the buffer with samples and says with how many bytes."""
    def write(self, data: bytes, off: int = ..., n: int = ...) -> int:
        """Sends samples and says how many bytes."""
    def irq(self, handler: Callable[[I2S], Any]) -> None:
        """From now on reading and writing come back at once, and the handler is called when they are done."""
    def ioctl(self, request: int, arg: int) -> int:
        """What streams are asked, for select and asyncio."""
    @staticmethod
    def shift(*, buf: bytearray, bits: int, shift: int) -> None:
        """Makes samples louder (shift above 0) or softer, by a factor of two each step."""


class SDCard:
    """A memory card, to be mounted with vfs.mount()."""
    def __init__(self, *, slot: int = 1, width: int = 1, cd: Pin | int = ..., wp: Pin | int = ..., miso: Pin | int = ..., mosi: Pin | int = ..., sck: Pin | int = ..., cs: Pin | int = ..., freq: int = 20000000) -> None:
        """The card in this slot: 2 and 3 are SPI's, with the pins given or their own."""
    def info(self) -> tuple[int, int]:
        """Its size and the size of a block, in bytes."""
    def readblocks(self, block: int, buffer: bytearray) -> None:
        """Fills the buffer from this block on."""
    def writeblocks(self, block: int, buffer: bytes) -> None:
        """Writes the buffer from this block on."""
    def ioctl(self, op: int, arg: int) -> int | None:
        """What block devices are asked."""
    def deinit(self) -> None:
        """Gives the slot back."""


class RTC:
    """The clock that goes on in deep sleep."""
    def __init__(self) -> None:
        """The chip's clock."""
    def datetime(self, datetime: tuple[int, ...] = ...) -> tuple[int, ...]:
        """Year, month, day, weekday (Monday is 0), hour, minute, second, microsecond; with an argument it is set."""
    def init(self, datetime: tuple[int, ...]) -> None:
        """Sets year, month, day, weekday, hour, minute, second, microsecond."""
    def memory(self, data: bytes = ...) -> bytes:
        """Bytes that stay through resets and deep sleep, at most 2048; with an argument they are set."""


class WDT:
    """The watchdog: restarts the board if feed() is not called in time; nothing stops it."""
    def __init__(self, id: int = 0, timeout: int = 5000) -> None:
        """Starts it: feed() must be called again within `timeout` milliseconds."""
    def feed(self) -> None:
        """Tells the watchdog that all is well."""


class Counter:
    """Counts edges on a pin."""
    RISING: int
    """Counts when the level goes from 0 to 1."""
    FALLING: int
    """Counts when the level goes from 1 to 0."""
    UP: int
    """Counts up."""
    DOWN: int
    """Counts down."""
    def __init__(self, id: int, src: Pin, edge: int = ..., direction: int | Pin = ..., *, filter_ns: int = 0) -> None:
        """The counter 0 to 7 on this pin."""
    def init(self, src: Pin, edge: int = ..., direction: int | Pin = ..., *, filter_ns: int = 0) -> None:
        """Sets it up anew."""
    def deinit(self) -> None:
        """Stops counting and gives the counter back."""
    def value(self, value: int = ...) -> int:
        """What has been counted; with an argument that becomes the count, and the one before is given."""


class Encoder:
    """Follows a knob or a wheel that turns, by its two wires."""
    def __init__(self, id: int, phase_a: Pin, phase_b: Pin, phases: int = 1, *, filter_ns: int = 0) -> None:
        """The encoder 0 to 7 on these pins; `phases` (1, 2, 4) is how many steps a full cycle counts."""
    def init(self, phase_a: Pin, phase_b: Pin, phases: int = 1, *, filter_ns: int = 0) -> None:
        """Sets it up anew."""
    def deinit(self) -> None:
        """Stops counting and gives the encoder back."""
    def value(self, value: int = ...) -> int:
        """Where it is; with an argument that becomes its place, and the one before is given."""
    def phases(self) -> int:
        """How many steps a full cycle counts."""


mem8: Any
"""The chip's memory by address, in bytes: mem8[address]."""
mem16: Any
"""The chip's memory by address, in units of 16 bits: mem16[address]."""
mem32: Any
"""The chip's memory and registers by address, in units of 32 bits: mem32[address]."""
PWRON_RESET: int
"""Cause: the power came, or EN was pressed."""
HARD_RESET: int
"""Cause: machine.reset(), or a crash."""
WDT_RESET: int
"""Cause: the watchdog."""
DEEPSLEEP_RESET: int
"""Cause: the end of deep sleep."""
SOFT_RESET: int
"""Cause: Ctrl-D at the prompt or machine.soft_reset()."""
SLEEP: int
"""For Pin.irq(wake=…): the pin wakes from light sleep."""
DEEPSLEEP: int
"""For Pin.irq(wake=…): the pin wakes from deep sleep."""
PIN_WAKE: int
"""Reason: a pin."""
EXT0_WAKE: int
"""Reason: a pin of esp32.wake_on_ext0()."""
EXT1_WAKE: int
"""Reason: a pin of esp32.wake_on_ext1()."""
TIMER_WAKE: int
"""Reason: the time was over."""
TOUCHPAD_WAKE: int
"""Reason: a TouchPad was touched."""
ULP_WAKE: int
"""Reason: the small processor."""


def bitstream(pin: Pin | int, encoding: int, timing: tuple[int, int, int, int], data: bytes) -> None:
    """Sends bytes as pulses: nanoseconds high and low of a 0, then of a 1 (NeoPixel does this for you)."""
def dht_readinto(pin: Pin | int, buffer: bytearray) -> None:
    """Reads a DHT sensor's five bytes (the module dht does this for you)."""
def freq(hz: int = ...) -> int:
    """The processor's clock in Hz: 80, 160 or 240 million (or 20 or 40 million); with an argument it is set."""
def idle() -> None:
    """Gives others their turn; the program goes on soon."""
def lightsleep(time_ms: int = ...) -> None:
    """Sleeps and then goes on here: after so many milliseconds, or when something wakes it."""
def sleep(time_ms: int = ...) -> None:
    """The older name of lightsleep()."""
def deepsleep(time_ms: int = ...) -> None:
    """Switches almost everything off; after so many milliseconds the board starts anew."""
def reset() -> None:
    """Restarts the board, as EN does."""
def soft_reset() -> None:
    """Starts the interpreter anew, as Ctrl-D at the prompt does."""
def reset_cause() -> int:
    """Why the board started, such as machine.PWRON_RESET."""
def wake_reason() -> int:
    """What woke the board, such as machine.TIMER_WAKE."""
def wake_pins() -> tuple[int, ...]:
    """The pins that woke the board."""
def unique_id() -> bytes:
    """Six bytes that no other board has."""
def disable_irq() -> int:
    """Holds back interrupts, for less than 300 ms; what it gives goes to enable_irq()."""
def enable_irq(state: int) -> None:
    """Allows interrupts as they were before disable_irq()."""
def time_pulse_us(pin: Pin, level: int, timeout_us: int = 1000000) -> int:
    """How many microseconds the level lasts on the pin; -2 if it did not begin in time, -1 if it did not end in time."""
def mem_backup(region: int = ...) -> Any:
    """Memory that stays through deep sleep."""

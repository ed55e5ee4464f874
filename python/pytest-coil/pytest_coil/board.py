"""A board: `coil board --control` in a process, which is asked in lines of JSON."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Optional, Union

Time = Union[str, int, float]
"""A length of time: seconds, or a text like `50ms` or `2min`."""


class BoardError(Exception):
    """The board raised an exception, or cannot do what it was asked for."""


@dataclass
class Result:
    """What a board printed, and how its program is doing."""

    output: str
    """What was printed since it was last told."""
    error: Optional[str]
    """The traceback that ended the program, if one did."""
    running: bool
    """The program has not come to its end."""
    t: float
    """The board's time in seconds."""


def _time(length: Time) -> str:
    return length if isinstance(length, str) else f"{length}s"


def _source(program: Union[str, "os.PathLike[str]"]) -> str:
    return Path(program).read_text(encoding="utf-8")


class Board:
    """A virtual board. Its time goes on only while it is asked to do something."""

    def __init__(
        self,
        coil: str = "coil",
        device: Optional[str] = None,
        firmware: Optional[str] = None,
        circuit: Union[str, "os.PathLike[str]", None] = None,
    ) -> None:
        command = [coil, "board", "--control"]
        for name, value in (("device", device), ("firmware", firmware), ("circuit", circuit)):
            if value is not None:
                command += [f"--{name}", str(value)]
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                encoding="utf-8",
            )
        except FileNotFoundError:
            raise BoardError(
                f"there is no program `{coil}`: put it on the path, or say where it is with "
                "`--coil` or the variable COIL"
            ) from None
        self.about: Dict[str, Any] = self._read()
        """The protocol's number, the device and the firmware."""

    def _read(self) -> Any:
        line = self._process.stdout.readline()
        if not line:
            raise BoardError("the board is gone: " + self._process.stderr.read().strip())
        answer = json.loads(line)
        if "error" in answer:
            raise BoardError(answer["error"])
        return answer["ok"]

    def ask(self, do: str, **words: Any) -> Any:
        """Sends a request of the protocol; what is None is left out."""
        given = {name.rstrip("_"): value for name, value in words.items() if value is not None}
        try:
            self._process.stdin.write(json.dumps({"do": do, **given}) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass
        return self._read()

    def exec(self, code: str, timeout: Time = 10) -> str:
        """Executes code and gives back what it printed; its exception is a `BoardError`."""
        result = Result(**self.ask("exec", code=code, for_=_time(timeout)))
        if result.error:
            raise BoardError(result.error)
        if result.running:
            raise BoardError(f"it did not end within {_time(timeout)}; so far: {result.output!r}")
        return result.output

    def run(self, program: Union[str, "os.PathLike[str]"], timeout: Time = 10) -> Result:
        """Runs a program of this machine to its end, or for so long."""
        return Result(**self.ask("exec", code=_source(program), for_=_time(timeout)))

    def start(self, program: Union[str, "os.PathLike[str]"]) -> None:
        """Starts a program of this machine; it goes on with `advance`."""
        self.ask("start", code=_source(program))

    def advance(self, by: Time) -> Result:
        """Lets the board's time go on."""
        return Result(**self.ask("advance", by=_time(by)))

    def interrupt(self) -> Result:
        """Interrupts the program, as Ctrl-C does."""
        return Result(**self.ask("interrupt"))

    def reset(self) -> Result:
        """Presses EN: the board starts anew, with `boot.py` and `main.py` of its flash."""
        return Result(**self.ask("reset"))

    def put(self, path: str, content: Union[str, bytes, "os.PathLike[str]"]) -> None:
        """Puts a file on the board: text, bytes, or a file of this machine as a `Path`."""
        if isinstance(content, os.PathLike):
            content = Path(content).read_bytes()
        if isinstance(content, bytes):
            self.ask("put", path=path, hex=content.hex())
        else:
            self.ask("put", path=path, text=content)

    def type(self, text: str) -> None:
        """Types on the console."""
        self.ask("type", text=text)

    def press(self, part: str, length: Time = "100ms") -> None:
        """Presses a button of the circuit; it is let go when so much time has gone on."""
        self.ask("press", part=part, for_=_time(length))

    def set(self, part: str, setting: str, value: Any) -> None:
        """Changes a setting of a part."""
        self.ask("set", part=part, setting=setting, value=value)

    def pin(self, pin: Union[str, int]) -> Optional[int]:
        """The level of a pin by header name or GPIO number; None if it never had one."""
        return self.ask("pin", pin=pin)["level"]

    def pwm(self, pin: Union[str, int]) -> Optional[Dict[str, int]]:
        """`freq` and `duty_u16` of a pin that pulses."""
        return self.ask("pin", pin=pin)["pwm"]

    def shows(self, part: str) -> Dict[str, Any]:
        """What a part of the circuit shows, by name."""
        return self.ask("shows", part=part)

    def events(self) -> List[Dict[str, Any]]:
        """What happened since this was last asked."""
        return self.ask("events")

    def close(self) -> None:
        """Takes the power away."""
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._process.stderr.close()

"""Thonny's back end for the ESP32, without its window: how it is started, asked and listened to."""

import ast
import atexit
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time

from thonny.common import (
    EOFCommand,
    ImmediateCommand,
    InlineCommand,
    InputSubmission,
    ToplevelCommand,
    parse_message,
    read_one_incoming_message_str,
    serialize_message,
)
from thonny.plugins.esp import esp_back

PATIENCE = 20


class Backend:
    def __init__(self, port, clean, **more):
        args = {
            "clean": clean,
            "port": port,
            "dtr": None,
            "rts": None,
            "submit_mode": None,
            "interrupt_on_connect": True,
            "write_block_size": None,
            "write_block_delay": None,
            "proxy_class": "ESP32Proxy",
            "sync_time": True,
            "local_rtc": True,
            "validate_time": True,
            **more,
        }
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore", esp_back.__file__, repr(args)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf8",
            env=dict(os.environ, THONNY_USER_DIR=tempfile.mkdtemp()),
        )
        atexit.register(self.process.kill)
        self.messages = queue.Queue()
        self.count = 0
        self.output = ""
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        # Its libraries may warn before it starts.
        while self.process.stdout.readline() not in ("OK\n", ""):
            pass

        def line():
            while True:
                text = self.process.stdout.readline()
                if text.startswith("\x02") or text == "" or self.inside:
                    self.inside = True
                    return text
                # What is no message is shown in Thonny's shell.
                self.messages.put(text)

        while True:
            self.inside = False
            text = read_one_incoming_message_str(line)
            if not text:
                self.messages.put(None)
                return
            self.messages.put(parse_message(text))

    def send(self, message):
        self.process.stdin.write(serialize_message(message) + "\n")
        self.process.stdin.flush()

    def until(self, what):
        """Waits for a message; what is printed meanwhile is kept."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                message = self.messages.get(timeout=max(0, end - time.monotonic()))
            except queue.Empty:
                sys.exit("no answer; so far: %r" % self.output)
            if message is None:
                sys.exit("the back end has ended; so far: %r" % self.output)
            if isinstance(message, str):
                self.output += message
            elif message.event_type == "ProgramOutput":
                self.output += message.data
            found = what(message)
            if found:
                return message

    def until_output(self, text):
        self.until(lambda _: text in self.output)

    def printed(self):
        output, self.output = self.output.replace("\r\n", "\n"), ""
        return output

    def start(self, name, **kw):
        self.count += 1
        self.send(ToplevelCommand(name, id=self.count, **kw))

    def done(self):
        return self.until(lambda m: getattr(m, "event_type", None) == "ToplevelResponse")

    def shell(self, source):
        """Types in the shell; what that prints."""
        self.start("execute_source", source=source)
        self.done()
        return self.printed()

    def ask(self, name, **kw):
        self.count += 1
        number = self.count
        self.send(InlineCommand(name, id=number, **kw))
        answer = self.until(lambda m: getattr(m, "command_id", None) == number and m.event_type != "InlineProgress")
        assert not answer.get("error"), answer.error
        return answer


def same(found, expected):
    assert found == expected, "%r, and not %r" % (found, expected)

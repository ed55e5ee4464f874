"""The MicroPython kernel for Jupyter, told by a client as a notebook does it: cells, and what they must show."""

import json
import os
import queue
import re
import sys
import tempfile
import time

# The client finds the kernel in a folder of its own.
folder = tempfile.mkdtemp()
os.environ["JUPYTER_DATA_DIR"] = os.environ["IPYTHONDIR"] = os.environ["JUPYTER_RUNTIME_DIR"] = folder
os.makedirs(os.path.join(folder, "kernels", "micropython"))
with open(os.path.join(folder, "kernels", "micropython", "kernel.json"), "w") as f:
    spec = {
        "argv": [sys.executable, "-W", "ignore", "-m", "jupyter_micropython_kernel", "-f", "{connection_file}"],
        "display_name": "MicroPython",
        "language": "micropython",
    }
    json.dump(spec, f)

from jupyter_client.manager import start_new_kernel


def shown(client, manager, cell, interrupt):
    """Runs a cell; all that it shows."""
    number = client.execute(cell)
    text = ""
    end = time.monotonic() + 30
    while True:
        try:
            message = client.get_iopub_msg(timeout=max(0.01, end - time.monotonic()))
        except queue.Empty:
            sys.exit("no answer to %r; so far: %r" % (cell, text))
        if message["parent_header"].get("msg_id") != number:
            continue
        if message["msg_type"] == "stream":
            text += message["content"]["text"]
            if interrupt and "before" in text:
                interrupt = False
                time.sleep(0.3)
                manager.interrupt_kernel()
        elif message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
            return re.sub("\x1b\\[[0-9;]*m", "", text).replace("\r\n", "\n").strip()


def matches(expected, text):
    return re.fullmatch(".*".join(re.escape(p) for p in expected.split("…")), text, re.DOTALL)


manager, client = start_new_kernel(kernel_name="micropython", stderr=open(os.devnull, "w"))
try:
    lines = sys.stdin.read()
    lines = lines.split("\n", 1)[1]
    for block in lines.split("\n--\n"):
        cell, expected = block.split("\n=>", 1)
        how, expected = expected.split("\n", 1)
        text = shown(client, manager, cell, how.strip() == "interrupt")
        if not matches(expected.strip(), text):
            sys.exit("%s\n=> %r\nand not\n%r" % (cell, text, expected.strip()))
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
print("done")

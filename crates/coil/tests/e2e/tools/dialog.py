"""Programs that want a terminal get one: what is typed there, and what they must show.

Lines start with `$` (a program), `>` (is typed), `<` (must be shown), `!` (seconds to wait), `.` (the program ends
well), `#` (a remark). `_` at the end of a line stands for a blank.
"""

import shlex
import sys
import time

import pexpect


def meant(text):
    if text.endswith("_"):
        text = text[:-1] + " "
    return text.encode("utf8").decode("unicode_escape")


child = None
for number, line in enumerate(sys.stdin.read().splitlines(), 1):
    kind, rest = line[:1], line[2:]
    try:
        if kind == "$":
            program, *args = shlex.split(rest)
            child = pexpect.spawn(program, args, encoding="utf8", timeout=20, dimensions=(24, 200))
            child.delaybeforesend = None
        elif kind == ">":
            child.send(meant(rest))
        elif kind == "<":
            child.expect_exact(meant(rest))
        elif kind == "!":
            time.sleep(float(rest))
        elif kind == ".":
            child.expect(pexpect.EOF)
            child.close()
            assert child.exitstatus == 0, "it ended with %r" % child.exitstatus
        else:
            assert kind in ("", "#"), "what is this?"
    except (pexpect.ExceptionPexpect, AssertionError) as e:
        sys.exit("line %d, `%s`: %s" % (number, line, e))
print("done")

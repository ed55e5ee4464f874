# A file shell of plain names: those that need no argument act when the prompt shows them.
import os
import sys

_DIR = 0x4000


def _is_dir(path):
    try:
        return bool(os.stat(path)[0] & _DIR)
    except OSError:
        return False


class LS:
    def __repr__(self):
        self()
        return ""

    def __call__(self, path="."):
        entries = sorted(os.ilistdir(path))
        for name, kind, *_ in entries:
            if kind == _DIR:
                print("    <dir>", name)
        for name, kind, _, *size in entries:
            if kind != _DIR:
                print("% 9d" % size[0] if size else " " * 9, name)
        try:
            fs = os.statvfs(path)
        except OSError:
            # Not every file system can tell.
            return
        print("\n{:,d}k free".format(fs[1] * fs[3] // 1024))


class PWD:
    def __repr__(self):
        return os.getcwd()

    def __call__(self):
        return repr(self)


class CLEAR:
    def __repr__(self):
        return "\x1b[2J\x1b[H"

    def __call__(self):
        return repr(self)


class Man:
    def __repr__(self):
        return """
upysh: files by short names. Start with:
from upysh import *

man                              this text
ls, ls(dir)                      what is in a directory
pwd, cd(dir)                     where you are, and going elsewhere
cat(file), head(file, lines=10)  show a file, or its beginning
newfile(file)                    type a file
cp(from, to), mv(from, to)       copy, rename
rm(path), rm(dir, True)          remove, a directory with all that is in it
mkdir(dir), rmdir(dir)           make a directory, remove an empty one
clear                            empty the screen
"""


def head(f, n=10):
    with open(f) as f:
        while n > 0:
            line = f.readline()
            if not line:
                break
            sys.stdout.write(line)
            n -= 1


def cat(f):
    head(f, 1 << 30)


def cp(s, t):
    if _is_dir(t):
        t = t.rstrip("/") + "/" + s
    block = memoryview(bytearray(512))
    with open(s, "rb") as source, open(t, "wb") as copy:
        while True:
            n = source.readinto(block)
            if not n:
                break
            copy.write(block[:n])


def newfile(path):
    print("Type file contents line by line, finish with EOF (Ctrl+D).")
    with open(path, "w") as f:
        while True:
            try:
                f.write(input() + "\n")
            except EOFError:
                break


def rm(d, recursive=False):
    try:
        if recursive and _is_dir(d):
            for name, *_ in os.ilistdir(d):
                if name not in (".", ".."):
                    rm(d + "/" + name, True)
            os.rmdir(d)
        else:
            os.remove(d)
    except Exception:
        print("rm of '%s' failed" % d)


man = Man()
pwd = PWD()
ls = LS()
clear = CLEAR()
cd = os.chdir
mkdir = os.mkdir
mv = os.rename
rmdir = os.rmdir

print(man)

# A file shell of plain names, as it was in 2019: those that need no argument act when the prompt shows them.
import os
import sys


class LS:
    def __repr__(self):
        self()
        return ""

    def __call__(self, path="."):
        for name in sorted(os.listdir(path)):
            st = os.stat("%s/%s" % (path, name))
            if st[0] & 0x4000:
                print("   <dir>", name)
            else:
                print("% 8d" % st[6], name)


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
mv(from, to), rm(file)           rename, remove
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


def newfile(path):
    print("Type file contents line by line, finish with EOF (Ctrl+D).")
    with open(path, "w") as f:
        while True:
            try:
                f.write(input() + "\n")
            except EOFError:
                break


man = Man()
pwd = PWD()
ls = LS()
clear = CLEAR()
cd = os.chdir
mkdir = os.mkdir
mv = os.rename
rm = os.remove
rmdir = os.rmdir

print(man)

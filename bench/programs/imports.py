# Importing many small modules from the file system, again and again.
import os
import sys

COUNT = 40
ROUNDS = 15
FOLDER = "many_modules"
SOURCE = """\
import sys

NUMBER = {}
NAMES = ("first", "second", "third")


class Thing:
    def __init__(self, size):
        self.size = size

    def grow(self, by=NUMBER):
        self.size += by
        return self


def double(x):
    return 2 * x if x else NUMBER
"""

os.mkdir(FOLDER)
for i in range(COUNT):
    with open("{}/small{}.py".format(FOLDER, i), "w") as f:
        f.write(SOURCE.format(i))
sys.path.append(FOLDER)

total = 0
for _ in range(ROUNDS):
    for i in range(COUNT):
        name = "small%d" % i
        module = __import__(name)
        total += module.Thing(1).grow().size + module.double(0)
        del sys.modules[name]
print(total)

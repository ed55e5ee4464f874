import builtins

shown = print
builtins.print = lambda *args: None
from upysh import *

builtins.print = shown
print("cp" in globals())
mkdir("/shell")
cd("/shell")
mkdir("d")
with open("a.txt", "w") as f:
    f.write("one\ntwo\n")
print(pwd)
print(repr(ls) == "")
try:
    rm("nothing")
except OSError as e:
    print(e)

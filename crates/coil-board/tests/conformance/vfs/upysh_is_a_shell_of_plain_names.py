# `man` is printed by the import; its text is the firmware's own.
import builtins, os
shown = print
builtins.print = lambda *args: None
from upysh import *
builtins.print = shown
os.mkdir("/shell")
cd("/shell")
print(pwd, pwd())
mkdir("d")
with open("a.txt", "w") as f:
    f.write("one\ntwo\nthree\n")
cp("a.txt", "b.txt")
cp("a.txt", "d/")
cat("b.txt")
head("b.txt", 2)
mv("b.txt", "c.txt")
print(sorted(os.listdir(".")), os.listdir("d"))
rm("d")
rm("nothing")
rm("d", True)
rm("a.txt")
mkdir("e")
rmdir("e")
print(os.listdir("."))
print([repr(clear), clear()])
print("man" in repr(man), repr(ls)[-1:] == "")

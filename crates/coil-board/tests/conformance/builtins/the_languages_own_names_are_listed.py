import builtins
found = dir(builtins)
for name in ("print", "len", "int", "ValueError", "StopIteration", "__name__", "Ellipsis"):
    print(name, found.count(name))
builtins.my_own = 1
print(dir(builtins).count("my_own"), my_own)
print("nothing_like_it" in dir(builtins))

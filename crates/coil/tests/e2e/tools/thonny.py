# What the window asks of the back end, and what that answers: see `thonny_backend.py`.

port = sys.argv[1]
b = Backend(port, clean=True)
hello = b.done()
assert hello.welcome_text.startswith("MicroPython v1.29.0") and "ESP32" in hello.welcome_text, hello
same((hello.cwd, hello.lib_dirs), ("/", ["/lib"]))
same(b.printed().strip(), "MPY: soft reboot")

# The shell.
same(b.shell("print(6 * 7)"), "42\n")
same(b.shell("for i in range(2):\n    print(i)\n"), "0\n1\n")
assert b.shell("'text'").endswith("'text'[/object_link_for_thonny]\n")
assert "ZeroDivisionError: divide by zero" in b.shell("1/0")
assert "SyntaxError" in b.shell("def f(:")
b.shell("import time, machine")
clock = ast.literal_eval(b.shell("print(time.localtime())"))
assert abs(time.mktime(clock[:8] + (-1,)) - time.time()) < 5, clock
b.start("execute_source", source="name = input('who? ')\nprint('hello', name)")
b.until_output("who? ")
b.send(InputSubmission("ada\n"))
b.done()
assert b.printed().endswith("hello ada\n")
b.start("execute_source", source="while True:\n    pass")
time.sleep(0.3)
b.send(ImmediateCommand("interrupt"))
b.done()
assert "KeyboardInterrupt" in b.printed()

# Run: with a new interpreter and in the old one.
b.shell("kept = 5")
b.start("run", source="print('kept' in globals())\nlist_ = [1, 2]\ndef f(): pass\n", script_path=None, args=["x.py"], cd_path=None)
b.done()
assert "True" in b.printed()
b.start("Run", source="print('new', 'kept' in globals())\nlist_ = [1, 2]\n", script_path=None, args=["x.py"], cd_path=None)
b.done()
assert "new False" in b.printed()

# Variables, the inspector, names that can go on.
names = b.ask("get_globals", module_name="__main__").globals
same(names["list_"].repr, "[1, 2]")
info = b.ask("get_object_info", object_id=names["list_"].id, include_attributes=True, all_attributes=False).info
same((info["type"], [e.repr for e in info["elements"]]), ("<class 'list'>", ["1", "2"]))
assert "append" in info["attributes"], info
found = b.ask("shell_autocomplete", source="list_.app", row=1, column=9).completions
assert "append" in [c.name for c in found], found

# Files.
local = tempfile.mkdtemp()
binary = bytes(range(256)) * 20
with open(os.path.join(local, "data.bin"), "wb") as f:
    f.write(binary)
with open(os.path.join(local, "mod.py"), "w") as f:
    f.write("word = 'uploaded'\n")
b.ask("mkdir", path="/d")
items = [
    {"kind": "file", "size": os.path.getsize(os.path.join(local, n)), "source_path": os.path.join(local, n), "target_path": "/d/" + n}
    for n in ("data.bin", "mod.py")
]
b.ask("upload", items=items, make_shebang_scripts_executable=False)
b.ask("write_file", path="/d/saved.py", content_bytes=b"print('saved')\n", editor_id=1, blocking=False, make_shebang_scripts_executable=False)
same(b.ask("read_file", path="/d/saved.py").content_bytes, b"print('saved')\n")
entries = b.ask("get_dirs_children_info", node_id="", paths=["/", "/d"], include_hidden=False).data
same({n: e["size"] for n, e in entries["/d"].items()}, {"data.bin": 5120, "mod.py": 18, "saved.py": 15})
assert entries["/"]["d"]["kind"] == "dir" and "boot.py" in entries["/"], entries
sources = b.ask("prepare_download", source_paths=["/d/data.bin"], target_dir=local).all_items
same(sources["/d/data.bin"]["size"], 5120)
item = dict(sources["/d/data.bin"], source_path="/d/data.bin", target_path=os.path.join(local, "back.bin"))
b.ask("download", items=[item])
with open(os.path.join(local, "back.bin"), "rb") as f:
    same(f.read(), binary)
space = b.ask("get_fs_info", path="/")
same(space["total"], 2097152)
b.ask("delete", paths=["/d"])
assert "d" not in b.ask("get_dirs_children_info", node_id="", paths=["/"], include_hidden=False).data["/"]

# The end of file at the prompt restarts the interpreter.
b.shell("kept = 5")
b.send(EOFCommand())
b.done()
b.printed()
same(b.shell("print('kept' in globals())"), "False\n")

# A board that resets itself is found again.
b.start("execute_source", source="machine.reset()")
b.done()
b.printed()
same(b.shell("print(1 + 1)"), "2\n")
b.process.kill()
b.process.wait()

# The window that comes after one that was killed.
again = Backend(port, clean=False)
again.done()
again.printed()
same(again.shell("print('again')"), "again\n")
again.process.kill()
again.process.wait()
print("done")

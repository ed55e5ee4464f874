# The same over WebREPL, where files have a protocol of their own and a soft reset ends the connection.

url, password = sys.argv[1:]
b = Backend("webrepl", clean=True, url=url, password=password)
hello = b.done()
assert hello.welcome_text.startswith("MicroPython v1.29.0") and "ESP32" in hello.welcome_text, hello
b.printed()

# The shell.
same(b.shell("print(6 * 7)"), "42\n")
same(b.shell("for i in range(300):\n    print(i)\n"), "".join("%d\n" % i for i in range(300)))
assert "ZeroDivisionError: divide by zero" in b.shell("1/0")
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

# Files.
local = tempfile.mkdtemp()
binary = bytes(range(256)) * 100
with open(os.path.join(local, "data.bin"), "wb") as f:
    f.write(binary)
b.ask("mkdir", path="/d")
source = os.path.join(local, "data.bin")
items = [{"kind": "file", "size": len(binary), "source_path": source, "target_path": "/d/data.bin"}]
b.ask("upload", items=items, make_shebang_scripts_executable=False)
b.ask("write_file", path="/d/saved.py", content_bytes=b"print('saved')\n", editor_id=1, blocking=False, make_shebang_scripts_executable=False)
same(b.ask("read_file", path="/d/saved.py").content_bytes, b"print('saved')\n")
entries = b.ask("get_dirs_children_info", node_id="", paths=["/d"], include_hidden=False).data
same({n: e["size"] for n, e in entries["/d"].items()}, {"data.bin": len(binary), "saved.py": 15})
sources = b.ask("prepare_download", source_paths=["/d/data.bin"], target_dir=local).all_items
item = dict(sources["/d/data.bin"], source_path="/d/data.bin", target_path=os.path.join(local, "back.bin"))
b.ask("download", items=[item])
with open(os.path.join(local, "back.bin"), "rb") as f:
    same(f.read(), binary)
b.ask("delete", paths=["/d"])

# A new interpreter: the back end connects again.
b.shell("kept = 5")
b.start("Run", source="print('new', 'kept' in globals())\n", script_path=None, args=["x.py"], cd_path=None)
b.done()
assert "new False" in b.printed()
b.process.kill()
b.process.wait()
print("done")

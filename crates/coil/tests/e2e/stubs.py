# Compares what the type stubs of a real ESP32_GENERIC name with what is on a board.
#
# Arguments: coil, the list of what may differ. Each line of the list is a name (or
# the beginning of names and `*`), and why. What is listed and does not differ is an error as well.
import ast
import importlib.metadata
import os
import subprocess
import sys
import tempfile

COIL, LIST = sys.argv[1:3]
STUBS = "micropython-esp32-esp32-generic-stubs"

# How to get an object whose methods are tried; classes without a row are only looked at.
MADE = {
    "esp32.NVS": "esp32.NVS('stubs')",
    "esp32.PCNT": "esp32.PCNT(7)",
    "esp32.Partition": "esp32.Partition('nvs')",
    "esp32.RMT": "esp32.RMT(0, pin=machine.Pin(23))",
    "esp32.ULP": "esp32.ULP()",
    "machine.ADC": "machine.ADC(36)",
    "machine.ADCBlock": "machine.ADCBlock(0, bits=12)",
    "machine.Counter": "machine.Counter(0, 4)",
    "machine.DAC": "machine.DAC(25)",
    "machine.Encoder": "machine.Encoder(1, 4, 5)",
    "machine.PWM": "machine.PWM(5)",
    "machine.Pin": "machine.Pin(4)",
    "machine.RTC": "machine.RTC()",
    "machine.Signal": "machine.Signal(4)",
    "machine.Timer": "machine.Timer(-1)",
    "machine.TouchPad": "machine.TouchPad(4)",
    "machine.WDT": "machine.WDT(timeout=1 << 30)",
    "neopixel.NeoPixel": "neopixel.NeoPixel(machine.Pin(5), 3)",
    "dht.DHT22": "dht.DHT22(machine.Pin(5))",
    "onewire.OneWire": "onewire.OneWire(machine.Pin(5))",
    "ds18x20.DS18X20": "ds18x20.DS18X20(onewire.OneWire(machine.Pin(5)))",
}
# What a call needs before it looks at names.
FIRST = {
    "binascii.b2a_base64": "b'',",
    "machine.ADC": "36,",
    "machine.ADCBlock": "0,",
    "machine.Counter": "2, 4,",
    "machine.Encoder": "3, 4, 5,",
    "machine.PWM": "5,",
    "machine.Pin": "4,",
    "machine.Signal": "4,",
    "machine.Timer": "-1,",
    "esp32.PCNT": "6,",
    "machine.UART": "1,",
}
# What ends or locks a board, or waits for somebody.
UNTOUCHED = {
    "machine.reset",
    "machine.soft_reset",
    "machine.deepsleep",
    "machine.lightsleep",
    "machine.sleep",
    "inisetup.check_bootsec",
    "inisetup.fs_corrupted",
    "inisetup.setup",
    "micropython.heap_lock",
    "sys.exit",
    "_thread.exit",
    # It asks as soon as it is imported.
    "webrepl_setup",
}
# The classes of the stubs.
CLASSES = set()


def stub_files():
    """Name of the module and path of each stub that is installed."""
    for file in importlib.metadata.files(STUBS):
        if file.suffix == ".pyi":
            name = ".".join(file.with_suffix("").parts)
            yield name.removesuffix(".__init__"), file.locate()


def constant(node):
    """The value of a constant, if the stub tells."""
    if getattr(node, "value", None) is None:
        return None
    try:
        return ast.literal_eval(node.value)
    except ValueError:
        return None


def shape(f, is_method):
    """How many arguments by place, at least and at most, and the names that stand for others."""
    a = f.args
    by_place = len(a.posonlyargs) + len(a.args)
    static = any(getattr(d, "id", "") == "staticmethod" for d in f.decorator_list)
    this = 1 if is_method and not static else 0
    least = by_place - len(a.defaults) - this
    most = by_place - this
    if a.vararg:
        return None
    return least, most, [k.arg for k in a.kwonlyargs]


def wanted():
    """Name, kind, constant, shapes of everything that the stubs name."""
    found = {}

    def add(name, kind, value=None, shaped=None):
        entry = found.setdefault(name, [kind, value, []])
        if shaped:
            entry[2].append(shaped)

    def walk(body, prefix, in_class):
        for node in body:
            if isinstance(node, ast.ClassDef):
                name = f"{prefix}.{node.name}"
                bases = [b.id for b in node.bases if isinstance(b, ast.Name)]
                if "Protocol" in bases or "TypedDict" in bases:
                    continue
                add(name, "class")
                walk(node.body, name, True)
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                if node.name in ("__new__", "__del__", "__repr__", "__hash__"):
                    continue
                add(f"{prefix}.{node.name}", "call", None, shape(node, in_class))
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                # Aliases and variables of types are the stubs' own.
                if "TypeAlias" not in ast.unparse(node.annotation):
                    add(f"{prefix}.{node.target.id}", "value", constant(node))

    for module, path in stub_files():
        if module in UNTOUCHED:
            continue
        found[module] = ["module", None, []]
        with open(path, encoding="utf-8") as f:
            walk(ast.parse(f.read()).body, module, False)
    return found


PROBE = """
import sys
class Odd: pass
def said(f, args, names):
    try:
        f(*args, **names)
    except BaseException as e:
        return str(e) if isinstance(e, TypeError) else ''
    return ''
NAMES = ('extra keyword', 'unexpected keyword', "doesn't take keyword", 'keywords must')
COUNTS = ('positional arguments', 'extra positional', 'expected at most', 'too many positional', 'function missing')
def about(text, words):
    return any(w in text for w in words)
def tell(*words):
    # Functions that are tried may print as well.
    print('differs:', *words)
def attempt(name, f, first, shapes, touch):
    if not callable(f):
        tell(name, 'is not callable')
        return
    for least, most, names in shapes:
        if touch:
            for n in {max(least, 1), most}:
                text = said(f, [Odd() for _ in range(n)], {})
                if n <= most and n > 0 and about(text, COUNTS):
                    tell(name, 'with', n, 'arguments:', text)
        if names:
            control = said(f, first, {'no_such_name': Odd()})
            if not about(control, NAMES):
                tell(name, 'cannot be tried by name:', control)
                continue
            for k in names:
                text = said(f, first, {k: Odd()})
                if about(text, NAMES):
                    tell(name, 'by name', k + ':', text)
"""


def probes(found):
    """The programs that look at a board, one a module: all of it is too much for one."""
    for module in [name for name, (kind, _, _) in found.items() if kind == "module"]:
        out = ["import machine, esp32, onewire, neopixel, dht, ds18x20"]
        out.append(f"try:\n    import {module}\nexcept ImportError:\n    tell('{module} is missing')")
        out.append("else:")
        for name, (kind, value, shapes) in found.items():
            if kind != "module" and owner(found, name) == module:
                out += ["    " + line for line in look(name, kind, value, shapes)]
        out.append("    pass\nprint('done')")
        yield module, PROBE + "\n".join(out)


def owner(found, name):
    """The longest module that a name begins with."""
    while name:
        name = name.rpartition(".")[0]
        if name in found and found[name][0] == "module":
            return name
    return name


def look(name, kind, value, shapes):
    """Lines of a program that look at one name."""
    parent, _, last = name.rpartition(".")
    if last.startswith("_") and last != "__init__":
        # Operators are no attributes, and what begins with one underscore is nobody's business.
        return []
    if parent in CLASSES:
        inner = look_at_member(name, kind, value, shapes, parent, last)
        return [f"if there('{parent}', lambda: {parent}):"] + ["    " + line for line in inner + ["pass"]]
    return look_at_member(name, kind, value, shapes, parent, last)


def look_at_member(name, kind, value, shapes, parent, last):
    if last == "__init__":
        # A constructor is its class, and takes more than a method by place.
        names = [(1, 0, s[2]) for s in shapes if s[2]]
        first = FIRST.get(parent, "")
        return [f"attempt('{parent}', lambda *a, **k: {parent}(*a, **k), ({first}), {names!r}, False)"] if names else []
    owner = name
    if kind == "value" and value is None and parent in CLASSES:
        # Only an object has it, if there is one.
        if parent not in MADE:
            return []
        owner = f"made('{parent}', lambda: {MADE[parent]}).{last}"
    lines = [f"try: x = {owner}", f"except AttributeError: tell('{name} is missing')", "else:"]
    if kind == "value" and isinstance(value, (int, str)):
        lines.append(f"    if x != {value!r}: tell('{name} is', repr(x), 'and not', {value!r})")
    elif kind == "call" and name not in UNTOUCHED:
        if parent in MADE:
            lines.append(f"    x = made('{parent}', lambda: {MADE[parent]}).{last}")
        if parent in MADE or "." not in parent:
                lines.append(f"    attempt('{name}', x, ({FIRST.get(name, '')}), {shapes!r}, True)")
    return lines + ["    pass"]


PROBE += """
objects = {}
def there(name, get):
    try:
        get()
        return True
    except AttributeError:
        # That was told once.
        return False
def made(name, make):
    if name not in objects:
        objects[name] = make()
    return objects[name]
"""


def main():
    found = wanted()
    CLASSES.update(name for name, (kind, _, _) in found.items() if kind == "class")
    differences = []
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "probe.py")
        for module, program in probes(found):
            with open(path, "w", encoding="utf-8") as f:
                f.write(program)
            run = subprocess.run(
                [COIL, "run", path], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300
            )
            *lines, last = run.stdout.splitlines() or [""]
            if last != "done":
                sys.exit(f"{module}: the board did not come to the end:\n{run.stdout}{run.stderr}")
            mark = "differs: "
            differences += [line.removeprefix(mark) for line in lines if line.startswith(mark)]
    listed = {}
    with open(LIST, encoding="utf-8") as f:
        for line in f:
            name, _, reason = line.strip().partition(" ")
            if name and not name.startswith("#"):
                if not reason.strip():
                    sys.exit(f"{LIST}: {name} has no reason")
                listed[name] = False
    wrong = []
    for line in differences:
        name = line.split(" ", 1)[0]
        covering = [e for e in listed if e == name or e.endswith("*") and name.startswith(e[:-1])]
        for e in covering:
            listed[e] = True
        if not covering:
            wrong.append(line)
    wrong += [f"{e} is listed and does not differ any more" for e, used in listed.items() if not used]
    kinds = [kind for kind, _, _ in found.values()]
    counts = ", ".join(f"{kinds.count(k)} of kind {k}" for k in ("module", "class", "call", "value"))
    print(f"{counts}; {len(differences)} differ, {len(wrong)} of them unexpectedly")
    if wrong:
        sys.exit("\n".join(wrong))


main()

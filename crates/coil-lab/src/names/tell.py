# What a firmware knows, told by itself: a line of JSON for each module.
import gc
import json
import sys

MEMBERS = ("function", "bound_method", "closure", "generator")


def kind(value):
    name = type(value).__name__
    if name in MEMBERS:
        return "function"
    if name == "type":
        return "class"
    if name == "module":
        return "module"
    return "constant"


def tell(name, owner):
    names = {}
    # What a package has only when it is asked for: asyncio's events, locks, streams.
    later = getattr(owner, "_where", None) or getattr(owner, "_attrs", None)
    for n in dir(owner) + list(later if isinstance(later, dict) else ()):
        try:
            value = getattr(owner, n)
        except Exception:
            continue
        what = kind(value)
        if n.startswith("__"):
            continue
        if what == "class":
            members = {}
            for m in dir(value):
                if not m.startswith("__"):
                    try:
                        members[m] = {"kind": kind(getattr(value, m))}
                    except Exception:
                        members[m] = {"kind": "function"}
            names[n] = {"kind": what, "members": members}
        elif what == "constant" and type(value) in (int, float, str):
            names[n] = {"kind": what, "value": repr(value)[:60]}
        else:
            names[n] = {"kind": what}
    print(json.dumps({"module": name, "names": names}))


for name in MODULES:
    try:
        __import__(name)
        # Of `umqtt.simple` the import gives the package alone.
        tell(name, sys.modules.get(name) or __import__(name))
    except Exception:
        # One that needs what is not there tells nothing.
        pass
    sys.modules.pop(name, None)
    gc.collect()

import sys

for name in ("uos", "utime", "ujson", "usocket", "ussl", "uselect", "ustruct", "urandom", "uerrno", "uhashlib", "os", "json"):
    __import__(name)
for name in ("asyncio", "requests", "vfs", "tls", "umachine", "usys", "unetwork", "deflate", "weakref"):
    try:
        __import__(name)
        print(name)
    except ImportError as e:
        print("ImportError:", e)
# A file takes the place of what has a u-name, and of nothing else.
for name in ("io", "machine"):
    with open(name + ".py", "w") as f:
        f.write("shadow = True\n")
import io, machine, uio

print(hasattr(io, "shadow"), hasattr(uio, "shadow"), hasattr(machine, "shadow"))

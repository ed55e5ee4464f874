for name in ("uos", "utime", "usys", "umachine", "uarray", "uasyncio", "sys", "machine"):
    __import__(name)
for name in ("asyncio", "requests", "vfs", "tls", "unetwork", "deflate"):
    try:
        __import__(name)
        print(name)
    except ImportError as e:
        print("ImportError:", e)
# A file takes the place of what has a u-name, and of nothing else.
for name in ("io", "network"):
    with open(name + ".py", "w") as f:
        f.write("shadow = True\n")
import io, network, uio

print(hasattr(io, "shadow"), hasattr(uio, "shadow"), hasattr(network, "shadow"))

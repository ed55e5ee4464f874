# once: it tells of modules that take memory
import aswitch, uasyncio
from umqtt.simple import MQTTClient

m = MQTTClient(b"me", "host", ssl=True, ssl_params={})
print(m.port, hasattr(m, "unsubscribe"))
try:
    m.connect(timeout=1)
except TypeError as e:
    print(e)
S = uasyncio.StreamReader
print([hasattr(S, name) for name in ("aclose", "awrite", "awritestr", "drain", "readexactly")])

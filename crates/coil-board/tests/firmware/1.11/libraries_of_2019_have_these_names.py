# once: it tells of modules that take memory
import ntptime, onewire, aswitch, urequests, uasyncio
from umqtt.simple import MQTTClient
from umqtt.robust import MQTTClient as Robust


def attempt(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except (TypeError, NotImplementedError) as e:
        print(type(e).__name__, e)


print(ntptime.host, ntptime.NTP_DELTA)
P = aswitch.Pushbutton
print(aswitch.Switch.debounce_ms, P.debounce_ms, P.long_press_ms, P.double_click_ms)
print([hasattr(P, name) for name in ("press_func", "release_func", "double_func", "long_func", "rawstate", "deinit")])
print([hasattr(aswitch.Switch, name) for name in ("open_func", "close_func")])
print([hasattr(aswitch.Delay_ms, name) for name in ("trigger", "stop", "running", "__call__")])
print([hasattr(urequests, name) for name in ("get", "post", "put", "patch", "delete", "head", "request")])
# No timeout yet.
attempt(urequests.get, "http://a", timeout=1)
m = MQTTClient(b"me", "host", ssl=True, ssl_params={})
print(m.port, hasattr(m, "unsubscribe"), hasattr(Robust, "unsubscribe"))
attempt(m.connect, timeout=1)

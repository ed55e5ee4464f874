import network

for name in (
    "STA_IF", "AP_IF", "STAT_IDLE", "STAT_CONNECTING", "STAT_GOT_IP", "STAT_BEACON_TIMEOUT", "STAT_NO_AP_FOUND",
    "STAT_WRONG_PASSWORD", "STAT_ASSOC_FAIL", "STAT_HANDSHAKE_TIMEOUT", "STAT_CONNECT_FAIL",
    "STAT_NO_AP_FOUND_W_COMPATIBLE_SECURITY", "STAT_NO_AP_FOUND_IN_AUTHMODE_THRESHOLD",
    "STAT_NO_AP_FOUND_IN_RSSI_THRESHOLD", "AUTH_OPEN", "AUTH_WEP", "AUTH_WPA_PSK", "AUTH_WPA2_PSK",
    "AUTH_WPA_WPA2_PSK", "MODE_11B", "MODE_11G", "MODE_11N",
):
    print(name, getattr(network, name, "-"))


def attempt(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except (ValueError, TypeError, OSError) as e:
        print(type(e).__name__, e)


w, ap = network.WLAN(network.STA_IF), network.WLAN(network.AP_IF)
attempt(w.scan)
attempt(w.connect, "a", "b")
attempt(network.WLAN, 2)
attempt(w.config, "colour")
print(w.isconnected(), w.ifconfig(), ap.ifconfig())
print(w.config("mac"), ap.config("mac"))

import network
from network import WLAN

w, ap = WLAN(WLAN.IF_STA), WLAN(WLAN.IF_AP)
print([w.config(name) for name in ("bandwidth", "protocol", "pm", "txpower")])
w.config(bandwidth=WLAN.BANDWIDTH_20, protocol=WLAN.PROTOCOL_DEFAULT | WLAN.PROTOCOL_LR)
w.config(protocol=network.MODE_11B | network.MODE_11G)
print(w.config("bandwidth"), w.config("protocol"), ap.config("bandwidth"), ap.config("protocol"))
ap.config(security=WLAN.SEC_WPA_WPA2, key="long enough")
print(ap.config("security"), ap.config("authmode"))


def attempt(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except Exception as e:
        print(repr(e))


attempt(w.config, bandwidth=WLAN.BANDWIDTH_80)
attempt(w.config, bandwidth=0)
attempt(w.config, protocol=4)
attempt(w.config, protocol="b")
attempt(w.config, security=3)
attempt(w.config, "security")
print(w.config("bandwidth"), w.config("protocol"), network.phy_mode(), network.phy_mode(1))
print(WLAN.SEC_WPA_ENT, WLAN.SEC_DPP, network.AUTH_MAX, network.PHY_W5500, network.ETH_GOT_IP)

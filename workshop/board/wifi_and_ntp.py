# Joins the WiFi network of config.py and sets the clock.
import network
import ntptime
import time

import config


def connect(timeout=15):
    wlan = network.WLAN(network.STA_IF)
    wlan.active(True)
    if not wlan.isconnected():
        print("WiFi: connecting to", config.SSID)
        # A Ctrl-C and a soft reset leave the radio trying, and it refuses a second try.
        wlan.disconnect()
        wlan.connect(config.SSID, config.PASSWORD)
        start = time.time()
        while not wlan.isconnected():
            status = wlan.status()
            if status == network.STAT_WRONG_PASSWORD:
                print("WiFi: wrong password for", config.SSID, "- look into config.py")
                return False
            if time.time() - start > timeout:
                if status == network.STAT_NO_AP_FOUND:
                    print("WiFi: there is no network called", config.SSID, "here - look into config.py")
                else:
                    print("WiFi: no connection to", config.SSID, "- status", status)
                return False
            time.sleep_ms(100)
    print("WiFi: connected, address", wlan.ifconfig()[0])
    return set_clock()


def set_clock():
    try:
        ntptime.settime()
    except OSError as e:
        print("Clock: no answer from the time server:", e)
        return False
    print("Clock: %04d-%02d-%02d %02d:%02d:%02d UTC" % time.localtime()[:6])
    return True

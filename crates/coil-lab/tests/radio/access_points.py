# firmware: 1.11 1.19.1 current
#### air
[[access_point]]
ssid = "workshop"
password = "micropython"
rssi = -47

[[access_point]]
ssid = "cafe"
rssi = -71
channel = 1

[[access_point]]
ssid = "old"
security = "wep"
password = "abcde"
channel = 11
rssi = -60

[[access_point]]
ssid = "older"
security = "wpa-psk"
password = "not so new"
channel = 3
rssi = -62

[[access_point]]
ssid = "both"
security = "wpa/wpa2"
password = "old and new"
channel = 4
rssi = -63

[[access_point]]
ssid = "new"
security = "wpa3"
password = "very new indeed"
channel = 5
rssi = -64

[[access_point]]
ssid = "newer"
security = "wpa2/wpa3"
password = "fairly new"
channel = 13
rssi = -65

[[access_point]]
ssid = "secret"
password = "micropython"
channel = 9
rssi = -80
hidden = true

[[access_point]]
ssid = "workshop"
password = "micropython"
channel = 2
rssi = -85
bssid = "0a:00:00:00:00:01"

#### board
import network, time
w = network.WLAN(network.STA_IF)
w.active(True)
start = time.ticks_ms()
for ap in w.scan():
    print(ap)
print('scan of', (time.ticks_ms() - start) // 400 * 4, 'tenths of a second')

def join(ssid, key=None, **kw):
    w.connect(ssid, key, **kw)
    for i in range(100):
        time.sleep_ms(100)
        if w.isconnected():
            print(ssid, 'joined', w.status(), w.status('rssi') // 10)
            break
        if w.status() not in (1001, 1000):
            print(ssid, 'status', w.status())
            break
    else:
        print(ssid, 'tries', w.status())
    w.disconnect()

join('workshop', 'micropython')
join('cafe')
join('cafe', 'long enough')
join('old', 'abcde')
join('older', 'not so new')
join('both', 'old and new')
join('new', 'very new indeed')
join('newer', 'fairly new')
join('secret', 'micropython')
join('workshop')
join('workshop', 'wrong password')
join('nowhere', 'micropython')
join('workshop', 'micropython', bssid=b'\x02\xc0\x11\x00\x00\x01')
join('cafe', None, bssid=b'\x02\xc0\x11\x00\x00\x01')
try:
    w.connect('workshop', 'micropython', bssid=b'short')
except ValueError as e:
    print(repr(e))

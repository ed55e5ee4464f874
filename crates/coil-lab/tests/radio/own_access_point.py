# firmware: 1.11 1.19.1 current
#### board
import network
ap = network.WLAN(network.AP_IF)
sta = network.WLAN(network.STA_IF)

def tell(f):
    try:
        print(f())
    except Exception as e:
        print(repr(e))

print(ap.config('essid'), ap.ifconfig())
tell(lambda: ap.status('stations'))
tell(lambda: sta.connect('workshop', 'micropython'))
print(ap.active(True))
tell(lambda: sta.connect('workshop', 'micropython'))
tell(lambda: sta.scan())
tell(lambda: ap.config('authmode'))
tell(lambda: ap.config(authmode=1))
tell(lambda: ap.config(authmode=3))
tell(lambda: ap.config(authmode=3, password='short'))
tell(lambda: ap.config(authmode=6, password='long enough'))
tell(lambda: ap.config(authmode=4, password='long enough'))
tell(lambda: ap.config('authmode'))
tell(lambda: ap.config('password'))
tell(lambda: ap.config(channel=14))
tell(lambda: ap.config(channel=13))
tell(lambda: ap.config('channel'))
tell(lambda: ap.config(hidden=True))
tell(lambda: ap.config('hidden'))
tell(lambda: ap.config(essid=''))
tell(lambda: ap.config(essid=b'bytes'))
tell(lambda: ap.config('essid'))
tell(lambda: ap.config(max_clients=11))
tell(lambda: ap.config('max_clients'))
tell(lambda: ap.config(reconnects=1))
tell(lambda: sta.config(channel=3))
tell(lambda: ap.status('rssi'))
tell(lambda: ap.ifconfig('dhcp'))
tell(lambda: ap.ifconfig(('10.0.0.1', 24, '10.0.0.1', '0.0.0.0')))
tell(lambda: ap.ifconfig())
print(ap.active(False), ap.active(), sta.active())

#### host
import network, time
ap = network.WLAN(network.WLAN.IF_AP)
ap.config(ssid='den', max_clients=1)
ap.active(True)
time.sleep(6)
print([mac[5] for mac, ip in ap.status('stations')])
ap.config(max_clients=2)
time.sleep(8)
print([(mac[5], ip) for mac, ip in ap.status('stations')])
#### first
import network, time
w = network.WLAN()
w.active(True)
time.sleep(1)
w.connect('den')
time.sleep(5)
print(w.isconnected(), w.status())
time.sleep(10)
#### second
import network, time
w = network.WLAN()
w.active(True)
time.sleep(2)
w.connect('den')
time.sleep(4)
print(w.isconnected(), w.status())
w.config(reconnects=0)
w.disconnect()
time.sleep(1)
w.connect('den')
time.sleep(7)
print(w.isconnected(), w.status())

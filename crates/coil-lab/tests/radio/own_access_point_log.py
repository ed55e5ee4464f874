# firmware: 1.11
#### host
import network, time
ap = network.WLAN(network.AP_IF)
ap.active(True)
network.WLAN(network.STA_IF).active(True)
time.sleep(8)
network.WLAN(network.STA_IF).active(False)
ap.active(False)
#### guest
import network, time
w = network.WLAN(network.STA_IF)
w.active(True)
time.sleep(1)
w.connect('ESP_000002')
time.sleep(4)
w.disconnect()
time.sleep(1)
w.connect('ESP_000002')
time.sleep(5)

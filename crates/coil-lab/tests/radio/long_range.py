#### far
import espnow, network, time
ap = network.WLAN(network.WLAN.IF_AP)
for protocol in (0, 4, 16, -1):
    try:
        ap.config(protocol=protocol)
    except RuntimeError as e:
        print(protocol, e)
ap.config(ssid='far', protocol=network.WLAN.PROTOCOL_LR)
ap.active(True)
print(ap.config('protocol'), network.WLAN().config('protocol'))
e = espnow.ESPNow()
e.active(True)
print(e.recv(30000))
print(e.recv(30000))
time.sleep_ms(30000 - time.ticks_ms())
print(ap.isconnected())
# Both: the beacons are still of the long range.
ap.config(protocol=15)
time.sleep(15)
ap.config(protocol=7)
time.sleep(30)
print(ap.isconnected())
#### long
import espnow, network, time
w = network.WLAN()
w.active(True)
w.config(protocol=8)
print([entry[0] for entry in w.scan()])
w.config(protocol=15)
print([entry[0] for entry in w.scan()])
e = espnow.ESPNow()
e.active(True)
far = b'\x24\x0a\xc4\x00\x00\x02'
e.add_peer(far)
# The sender speaks both, so this is of the usual kind.
print(e.send(far, b'as usual'))
e.config(rate=espnow.RATE_LORA_250K)
print(e.send(far, b'slowly'))
w.config(protocol=8)
e.config(rate=espnow.RATE_1M)
print(e.send(far, b'with nothing else'))
e.active(False)
w.connect('far')
while not w.isconnected():
    time.sleep_ms(10)
print(w.ifconfig()[0])
time.sleep(60)
#### usual
import network, time
w = network.WLAN()
w.active(True)
print([entry[0] for entry in w.scan()])
w.connect('far')
time.sleep(20)
print(w.status())
time.sleep_ms(35000 - time.ticks_ms())
w.disconnect()
print([entry[0] for entry in w.scan()])
w.connect('far')
while not w.isconnected():
    time.sleep_ms(10)
print(time.ticks_ms() // 10000)
time.sleep(20)

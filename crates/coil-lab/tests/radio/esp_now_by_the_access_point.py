#### host
import espnow, network, time
ap = network.WLAN(network.WLAN.IF_AP)
ap.active(True)
ap.config(channel=3)
e = espnow.ESPNow()
e.active(True)
mac, msg = e.recv(5000)
print(mac, msg)
e.add_peer(mac, ifidx=network.WLAN.IF_AP)
print(e.send(mac, b'by the access point'))
#### guest
import espnow, network, time
sta = network.WLAN()
sta.active(True)
sta.config(channel=3)
e = espnow.ESPNow()
e.active(True)
e.add_peer(b'\x24\x0a\xc4\x00\x00\x01')
e.add_peer(b'\x24\x0a\xc4\x00\x00\x02')
time.sleep(1)
# Only the interface that is on answers to its address.
print(e.send(b'\x24\x0a\xc4\x00\x00\x01', b'to the station'))
print(e.send(b'\x24\x0a\xc4\x00\x00\x02', b'to the access point'))
print(e.recv(1000))

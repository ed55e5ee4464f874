#### changed
import espnow, machine, network
w = network.WLAN()
ap = network.WLAN(network.WLAN.IF_AP)
w.active(True)
w.config(mac=b'\x02\x00\x00\x00\x00\x07')
ap.active(True)
ap.config(mac=b'\x02\x00\x00\x00\x00\x08')
e = espnow.ESPNow()
e.active(True)
for _ in range(3):
    print(e.recv(20000))
other = b'\x24\x0a\xc4\x00\x00\x05'
e.add_peer(other)
print(e.send(other, b'from the station'))
e.mod_peer(other, ifidx=1)
print(e.send(other, b'from the access point'))
print(machine.unique_id())
#### other
import espnow, network, time
w = network.WLAN()
w.active(True)
e = espnow.ESPNow()
e.active(True)
time.sleep(2)
# The last of these is its factory's.
for mac in (b'\x02\x00\x00\x00\x00\x07', b'\x02\x00\x00\x00\x00\x08', b'\x24\x0a\xc4\x00\x00\x01'):
    e.add_peer(mac)
    print(e.send(mac, b'to ' + mac))
e.send(None, b'to all that it knows')
for _ in range(2):
    print(e.recv(5000))

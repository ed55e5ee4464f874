#### sender
import espnow, network, time
sta = network.WLAN()
sta.active(True)
e = espnow.ESPNow()
e.active(True)
e.set_pmk(b'primary key 0001')
peer = b'\x24\x0a\xc4\x00\x00\x05'
e.add_peer(peer)
time.sleep_ms(300)
print('channel 1', e.send(peer, b'on channel 1'))
sta.config(channel=6)
print('channel 6', e.send(peer, b'on channel 6'))
time.sleep(1)
print('both on 6', e.send(peer, b'both on channel 6'))
e.mod_peer(peer, b'key of the peers')
print('encrypted', e.send(peer, b'for whom has the key'))
time.sleep(1)
print('shared', e.send(peer, b'now it has the key'))
time.sleep(1)
print('other', e.send(peer, b'encrypted with another primary key'))
time.sleep(1)
# Whoever joins a network goes to its channel.
sta.connect('workshop', 'micropython')
print('looking for a network', e.send(peer, b'from all channels'))
while not sta.isconnected():
    time.sleep_ms(10)
e.mod_peer(peer, b'')
print(sta.config('channel'), e.send(peer, b'from the network'))
e.mod_peer(peer, channel=6)
time.sleep(1)
# So does whoever scans.
print('while the other scans', e.send(peer, b'from the network'))
sta.active(False)
try:
    e.send(peer, b'x')
except OSError as x:
    print(x)
#### receiver
import espnow, network, time
sta = network.WLAN()
sta.active(True)
e = espnow.ESPNow()
e.active(True)
time.sleep_ms(800)
sta.config(channel=6)
time.sleep_ms(1000)
e.add_peer(b'\x24\x0a\xc4\x00\x00\x01', b'key of the peers')
e.set_pmk(b'primary key 0001')
time.sleep_ms(1000)
e.set_pmk(b'primary key 0002')
while True:
    mac, msg = e.recv(4000)
    if mac is None:
        break
    print(msg)
    if msg == b'from the network':
        print(len(sta.scan()))

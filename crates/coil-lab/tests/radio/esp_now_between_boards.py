#### sender
import espnow, network, time
sta = network.WLAN(network.WLAN.IF_STA)
sta.active(True)
e = espnow.ESPNow()
print(e.active(), e.active(True), e.config('rxbuf'), e.config('timeout_ms'))
receiver = b'\x24\x0a\xc4\x00\x00\x05'
nobody = b'\x24\x0a\xc4\x00\x00\x55'
everyone = b'\xff' * 6
time.sleep_ms(500)
for peer in (receiver, nobody, everyone):
    e.add_peer(peer)
start = time.ticks_us()
print(e.send(receiver, b'one'))
took = time.ticks_us() - start
start = time.ticks_us()
print(e.send(nobody, b'two'))
# What nobody acknowledges is sent again.
print(500 < took < 2000, 4 * took < time.ticks_us() - start < 16 * took)
print(e.send(everyone, 'three'), e.send(receiver, b'four', False), e.send(receiver, bytes(1470)))
print(e.send(b'all peers'), e.send(None, b'all peers again', True))
print(e.stats(), e.peer_count(), len(e.get_peers()))
e.del_peer(nobody)
print(e.send(b'those that are left'), e.peer_count())
print([type(x) for x in e.recv()], e.peers_table == {receiver: e.peers_table[receiver]})
print(e.recv(100), e.any())
e.active(False)
print(e.active(), e.stats())
#### receiver
import espnow, network, time
network.WLAN(network.WLAN.IF_STA).active(True)
e = espnow.ESPNow()
e.active(True)
for mac, msg in e:
    signal, when = e.peers_table[mac]
    print(mac, len(msg), bytes(msg[:20]), -43 < signal < -37, 0 <= time.ticks_ms() - when < 5)
    if msg == b'those that are left':
        break
print(e.recv(50), e.irecv(0), e.recvinto([None, bytearray(10)], 0))
e.add_peer(mac)
print(e.send(mac, b'answer'))
try:
    e.peers_table[b'x'] = 1
except TypeError as x:
    print(repr(x))
#### bystander
import espnow, network
network.WLAN(network.WLAN.IF_STA).active(True)
e = espnow.ESPNow()
e.active(True)
print(e.recv(3000))
print(e.recv(1000))

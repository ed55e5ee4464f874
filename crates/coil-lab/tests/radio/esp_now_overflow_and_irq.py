#### sender
import espnow, network, time
network.WLAN().active(True)
e = espnow.ESPNow()
e.active(True)
peer = b'\x24\x0a\xc4\x00\x00\x05'
e.add_peer(peer)
e.config(rate=espnow.RATE_24M)
time.sleep(1)
print([e.send(peer, bytes([i] * 100)) for i in range(6)], e.stats())
time.sleep(1)
for i in range(3):
    e.send(peer, b'irq %d' % i)
    time.sleep_ms(10)
#### receiver
import espnow, network, time
network.WLAN().active(True)
e = espnow.ESPNow()
e.config(rxbuf=528)
e.active(True)
time.sleep(2)
# A ring of 528 bytes has room for four of these, each with 14 around it.
print(e.stats())
while e.any():
    mac, msg = e.irecv()
    print(msg[0], len(msg))
small = [None, bytearray(3), None, None]

def heard(which):
    while True:
        mac, msg = which.irecv(0)
        if mac is None:
            return
        print(which is e, bytes(msg))

e.irq(heard)
time.sleep(1)
e.irq(None)
print(e.stats())

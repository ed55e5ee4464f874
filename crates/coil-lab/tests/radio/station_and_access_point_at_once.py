#### bridge
import network, ntptime, socket, time
ap = network.WLAN(network.WLAN.IF_AP)
sta = network.WLAN(network.WLAN.IF_STA)
ap.active(True)
ap.config(ssid='den', channel=11)
print(ap.config('channel'), sta.active())
sta.active(True)
sta.connect('workshop', 'micropython')
while not sta.isconnected():
    time.sleep_ms(10)
# There is one radio.
print(ap.config('channel'), sta.config('channel'), sta.ifconfig()[0], ap.ifconfig()[0])
ntptime.settime()
print(time.gmtime()[:3])
s = socket.socket()
s.bind(('', 80))
s.listen(2)
for i in range(2):
    c, peer = s.accept()
    c.send(b'you are ' + peer[0].encode())
    c.close()
time.sleep(2)
sta.active(False)
print(ap.active(), ap.config('channel'))
#### guest
import network, socket, time
w = network.WLAN()
w.active(True)
w.connect('den')
while not w.isconnected():
    time.sleep_ms(10)
time.sleep(5)
s = socket.socket()
s.connect(('192.168.4.1', 80))
print(s.read(), w.config('channel'), [e[:5] for e in w.scan() if e[0] == b'den'])
#### neighbour
import network, socket, time
w = network.WLAN()
w.active(True)
w.connect('workshop', 'micropython')
while not w.isconnected():
    time.sleep_ms(10)
time.sleep(6)
s = socket.socket()
s.connect(('192.168.1.100', 80))
print(s.read())

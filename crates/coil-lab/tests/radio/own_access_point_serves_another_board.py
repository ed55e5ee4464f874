#### host
import network, socket, time
ap = network.WLAN(network.WLAN.IF_AP)
ap.config(ssid='den', key='open sesame', security=network.WLAN.SEC_WPA2, channel=11, max_clients=2)
print(ap.active(), ap.active(True), ap.active())
print(ap.config('ssid'), ap.config('security'), ap.config('channel'), ap.config('hidden'), ap.config('max_clients'))
print(ap.config('mac').hex(), ap.ifconfig(), ap.ipconfig('addr4'), ap.ipconfig('gw4'))
print(ap.isconnected(), ap.status(), ap.status('stations'))
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(('0.0.0.0', 80))
s.listen(1)
c, peer = s.accept()
print('from', peer[0], c.recv(200).split(b'\r\n')[0])
c.send(b'HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello')
c.close()
print(ap.isconnected(), ap.status('stations'))
time.sleep(1)
c = socket.socket()
c.connect(('192.168.4.2', 7000))
print(c.read())
c.close()
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.sendto(b'for everyone', ('192.168.4.255', 5000))
u.sendto(b'for everyone', ('255.255.255.255', 5000))
print(u.recvfrom(20))
time.sleep(60)
print(ap.isconnected(), ap.status('stations'))
#### guest
import network, requests, socket, time
w = network.WLAN()
w.active(True)
time.sleep(1)
for entry in w.scan():
    print(entry)
start = time.ticks_ms()
w.connect('den', 'open sesame')
while not w.isconnected():
    time.sleep_ms(10)
took = time.ticks_ms() - start
print('joined', 2000 < took < 3000, w.ifconfig(), w.config('channel'))
r = requests.get('http://192.168.4.1/')
print(r.status_code, r.text)
s = socket.socket()
s.bind(('', 7000))
s.listen(1)
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.bind(('', 5000))
c, peer = s.accept()
print('from', peer[0])
c.send(b'the other way')
c.close()
for i in range(2):
    data, peer = u.recvfrom(20)
    print(data, peer[0])
u.sendto(b'heard', peer)
# What is not the access point's own network it leads nowhere.
try:
    socket.socket().connect(('192.168.1.1', 80))
except OSError as e:
    print(e.errno)
try:
    socket.getaddrinfo('pool.ntp.org', 123)
except OSError as e:
    print(e.errno)
w.disconnect()

# firmware: 1.11
#### one
import esp, network, socket, time
esp.osdebug(None)
w = network.WLAN(network.STA_IF)
w.active(True)
print(w.config('dhcp_hostname'))
w.connect('workshop', 'micropython')
while not w.isconnected():
    time.sleep_ms(10)
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
print(s.bind(('', 5353)))
s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, b'\xe0\x00\x00\xfb\x00\x00\x00\x00')
data, peer = s.recvfrom(100)
print(data, peer[1])
s.sendto(b'heard', peer)
time.sleep(1)
#### other
import esp, network, socket, time
esp.osdebug(None)
w = network.WLAN(network.STA_IF)
w.active(True)
w.connect('workshop', 'micropython')
while not w.isconnected():
    time.sleep_ms(10)
start = time.ticks_ms()
print(socket.getaddrinfo('espressif.local', 80), time.ticks_ms() - start < 1000)
try:
    socket.socket().connect(('espressif.local', 80))
except OSError as e:
    print(e)
time.sleep(3)
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('', 5353))
s.sendto(b'a question', ('224.0.0.251', 5353))
s.settimeout(5)
print(s.recvfrom(100)[0])

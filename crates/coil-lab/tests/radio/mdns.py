# firmware: 1.19.1 current
#### thermo
import network, socket, time
w = network.WLAN(network.STA_IF)
ap = network.WLAN(network.AP_IF)
try:
    network.hostname('thermo')
except AttributeError:
    pass
w.active(True)
try:
    w.config(dhcp_hostname='thermo')
except ValueError:
    pass
ap.active(True)
ap.config(essid='den')
w.connect('workshop', 'micropython')
while not w.isconnected():
    time.sleep_ms(10)
print(w.config('dhcp_hostname'))
s = socket.socket()
s.bind(('', 80))
s.listen(2)
for i in range(2):
    c, peer = s.accept()
    c.send('hello ' + peer[0])
    c.close()
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
try:
    print(u.bind(('', 5353)))
except OSError as e:
    print('5353', e)
# The name is the one that it had when it got its address.
try:
    network.hostname('other')
except AttributeError:
    w.config(dhcp_hostname='other')
time.sleep(30)
#### asker
import network, socket, time
def ask(name):
    start = time.ticks_ms()
    try:
        found = socket.getaddrinfo(name, 80)
    except OSError as e:
        found = e
    print(name, found, time.ticks_ms() - start)
w = network.WLAN(network.STA_IF)
print(w.config('dhcp_hostname'))
w.active(True)
ask('thermo.local')
ask('.local')
w.connect('workshop', 'micropython')
while not w.isconnected():
    time.sleep_ms(10)
time.sleep(2)
ask('thermo.local')
ask('THERMO.Local')
s = socket.socket()
s.connect(('thermo.local', 80))
print(s.recv(50))
s.close()
ask('nobody.local')
ask(w.config('dhcp_hostname') + '.local')
ask('other.local')
try:
    socket.socket().connect(('nobody.local', 80))
except OSError as e:
    print(e)
w.disconnect()
ask('thermo.local')
#### guest
import network, socket, time
w = network.WLAN(network.STA_IF)
w.active(True)
w.connect('den')
while not w.isconnected():
    time.sleep_ms(10)
time.sleep(8)
print(socket.getaddrinfo('thermo.local', 80))
s = socket.socket()
s.connect(('thermo.local', 80))
print(s.recv(50))

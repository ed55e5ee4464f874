# firmware: 1.19.1 current
#### first
import network, time
w = network.WLAN(network.STA_IF)
w.active(True)
w.connect('workshop', 'micropython')
while not w.isconnected():
    time.sleep_ms(10)
print(w.ifconfig()[0])
time.sleep(60)
#### second
import network, time
w = network.WLAN(network.STA_IF)
w.active(True)
time.sleep(10)
w.connect('workshop', 'micropython')
while not w.isconnected():
    time.sleep_ms(10)
print(w.ifconfig()[0])
time.sleep(60)
#### asker
import network, socket, time
w = network.WLAN(network.STA_IF)
w.active(True)
name = w.config('dhcp_hostname')
try:
    network.hostname('asker')
except AttributeError:
    w.config(dhcp_hostname='asker')
w.connect('workshop', 'micropython')
while not w.isconnected():
    time.sleep_ms(10)
time.sleep(5)
print(socket.getaddrinfo(name + '.local', 80)[0][-1])
time.sleep(10)
# The lower address gives way, although it was first.
print(socket.getaddrinfo(name + '.local', 80)[0][-1])
print(socket.getaddrinfo(name + '-2.local', 80)[0][-1])

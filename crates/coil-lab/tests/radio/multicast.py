# firmware: 1.11 1.19.1 current
#### member
import esp, network, socket, time
esp.osdebug(None)
def ip(text):
    return bytes([int(n) for n in text.split('.')])
def join(s, group, by='0.0.0.0', cut=8):
    try:
        print('join', group, by, s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, (ip(group) + ip(by))[:cut]))
    except Exception as e:
        print('join', group, by, cut, repr(e))
def hear(s, what):
    try:
        print(what, s.recvfrom(50))
    except OSError as e:
        print(what, repr(e))
w = network.WLAN(network.STA_IF)
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
join(s, '239.1.2.3')
w.active(True)
w.connect('workshop', 'micropython')
while not w.isconnected():
    time.sleep_ms(10)
join(s, '239.1.2.3', '10.0.0.1')
join(s, '192.168.1.77')
join(s, '224.0.0.1')
join(s, '239.1.2.3', cut=7)
join(s, '239.1.2.3', w.ifconfig()[0])
join(s, '239.1.2.3')
s.bind(('', 5000))
s.settimeout(20)
for what in ('group', 'all', 'subnet'):
    hear(s, what)
s.close()
# It is the interface that has joined.
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('', 5000))
s.settimeout(20)
hear(s, 'another socket')
w.active(False)
w.active(True)
w.connect('workshop', 'micropython')
while not w.isconnected():
    time.sleep_ms(10)
s.settimeout(30)
hear(s, 'after it was off')
#### stranger
import esp, network, socket, time
esp.osdebug(None)
w = network.WLAN(network.STA_IF)
w.active(True)
w.connect('workshop', 'micropython')
while not w.isconnected():
    time.sleep_ms(10)
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('', 5000))
s.settimeout(20)
print(s.recvfrom(50))
print(s.recvfrom(50))
s.settimeout(3)
try:
    print(s.recvfrom(50))
except OSError as e:
    print(repr(e))
# Who has joined and binds to an address of its own hears nothing of the group.
s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, b'\xef\x01\x02\x03\x00\x00\x00\x00')
t = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
t.bind((w.ifconfig()[0], 6000))
t.settimeout(20)
try:
    print(t.recvfrom(50))
except OSError as e:
    print(repr(e))
t.close()
# Who binds to the group does.
t = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
t.bind(('239.1.2.3', 6000))
t.settimeout(40)
print(t.recvfrom(50))
#### talker
import esp, network, socket, time
esp.osdebug(None)
w = network.WLAN(network.STA_IF)
w.active(True)
w.connect('workshop', 'micropython')
while not w.isconnected():
    time.sleep_ms(10)
def at(second):
    time.sleep_ms(second * 1000 - time.ticks_ms())
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('', 5000))
at(10)
print(s.sendto(b'to the group', ('239.1.2.3', 5000)))
print(s.sendto(b'to all', ('255.255.255.255', 5000)))
print(s.sendto(b'to the subnet', ('192.168.1.255', 5000)))
at(20)
s.sendto(b'to the group again', ('239.1.2.3', 5000))
s.sendto(b'to another port', ('239.1.2.3', 6000))
at(40)
s.sendto(b'and again', ('239.1.2.3', 5000))
at(60)
s.sendto(b'and another one', ('239.1.2.3', 6000))
s.settimeout(1)
try:
    print(s.recvfrom(50))
except OSError as e:
    print('itself', repr(e))

# firmware: 1.11 1.19.1 current
#### changed
import esp, machine, network, socket, time
esp.osdebug(None)
def give(w, mac):
    try:
        w.config(mac=mac)
    except Exception as e:
        print(mac, repr(e))
def there():
    while not w.isconnected():
        time.sleep_ms(10)
w = network.WLAN(network.STA_IF)
ap = network.WLAN(network.AP_IF)
print(w.config('mac'), ap.config('mac'))
give(ap, b'\x02\x00\x00\x00\x00\x07')
give(w, b'\x03\x00\x00\x00\x00\x07')
give(w, b'\x00\x00\x00\x00\x00\x00')
give(w, b'\x02\x00\x00\x00\x07')
give(w, 7)
give(w, ap.config('mac'))
# Before it is switched on.
give(w, b'\x02\x00\x00\x00\x00\x07')
w.active(True)
print(w.config('mac'))
w.connect('workshop', 'micropython')
there()
first = w.ifconfig()[0]
ap.active(True)
ap.config(mac=b'\x02\x00\x00\x00\x00\x08', essid='den')
print(ap.config('mac'), machine.unique_id())
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('', 5000))
print(s.recvfrom(20)[0])
# While it is connected: it connects again, and is another one to the address server.
give(w, b'\x02\x00\x00\x00\x00\x09')
print(w.isconnected())
time.sleep_ms(100)
there()
print(w.config('mac'), w.ifconfig()[0] == first)
give(w, b'\x02\x00\x00\x00\x00\x07')
time.sleep_ms(100)
there()
print(w.config('mac'), w.ifconfig()[0] == first)
time.sleep(20)
#### other
import esp, network, socket, time
esp.osdebug(None)
w = network.WLAN(network.STA_IF)
w.active(True)
time.sleep(8)
for entry in w.scan():
    print(entry[:3])
w.connect('den')
while not w.isconnected():
    time.sleep_ms(10)
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.sendto(b'by the other one', ('192.168.4.1', 5000))
time.sleep(1)

import socket, network, urequests

print(socket.getaddrinfo("pool.ntp.org", 123))
try:
    urequests.get("http://my-json-server.typicode.com/a/b/posts")
except IndexError as e:
    print(repr(e))
w = network.WLAN(network.STA_IF)
try:
    w.connect("a", "b")
except OSError as e:
    print(e)
print(w.status() == network.STAT_IDLE)
for name in ("hostname", "reconnects", "ssid", "essid"):
    try:
        print(name, w.config(name))
    except ValueError as e:
        print(name, e)

# The prompt over a WebSocket: a server that hands whoever connects and knows the password to `os.dupterm`.
import binascii
import hashlib
import network
import os
import socket
import sys

import _webrepl
import websocket

listen_s = None
client_s = None

DEBUG = 0

# Where a browser finds the page that is the terminal.
static_host = "https://micropython.org/webrepl/"

# Option of a socket: what is called when something has arrived.
_CALLBACK = 20
# The protocol's own (RFC 6455, 1.3).
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


# Reads a request; whether it asked for a WebSocket, and got it.
def server_handshake(cl):
    req = cl.makefile("rwb", 0)
    line = req.readline()
    key = None
    upgrade = is_websocket = False
    while line != b"\r\n":
        if DEBUG:
            sys.stdout.write(line)
        line = req.readline()
        if not line:
            return False
        name, _, value = line.partition(b":")
        value = value.strip()
        if name == b"Sec-WebSocket-Key":
            key = value
        elif name == b"Connection":
            upgrade = b"Upgrade" in value
        elif name == b"Upgrade":
            is_websocket = value == b"websocket"
    if not (upgrade and is_websocket and key):
        return False
    answer = binascii.b2a_base64(hashlib.sha1(key + _GUID).digest())[:-1]
    cl.send(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + answer + b"\r\n\r\n"
    )
    return True


# The page for browsers, which is elsewhere.
def send_html(cl):
    cl.send(b"HTTP/1.0 200 OK\r\n\r\n")
    cl.send('<base href="%s"></base>\r\n<script src="webrepl_content.js"></script>\r\n' % static_host)
    cl.close()


def setup_conn(port, accept_handler):
    global listen_s
    listen_s = socket.socket()
    listen_s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listen_s.bind(socket.getaddrinfo("0.0.0.0", port)[0][4])
    listen_s.listen(1)
    if accept_handler:
        listen_s.setsockopt(socket.SOL_SOCKET, _CALLBACK, accept_handler)
    for i in (network.AP_IF, network.STA_IF):
        wlan = network.WLAN(i)
        if wlan.active():
            print("WebREPL server started on http://%s:%d/" % (wlan.ifconfig()[0], port))
    return listen_s


def accept_conn(listen_sock):
    global client_s
    cl, address = listen_sock.accept()
    if not server_handshake(cl):
        send_html(cl)
        return False
    present = os.dupterm(None)
    os.dupterm(present)
    if present:
        print("\nConcurrent WebREPL connection from", address, "rejected")
        cl.close()
        return False
    print("\nWebREPL connection from:", address)
    client_s = cl
    terminal = _webrepl._webrepl(websocket.websocket(cl, True))
    cl.setblocking(False)
    cl.setsockopt(socket.SOL_SOCKET, _CALLBACK, os.dupterm_notify)
    os.dupterm(terminal)
    return True


def stop():
    global listen_s, client_s
    os.dupterm(None)
    if client_s:
        client_s.close()
    if listen_s:
        listen_s.close()


def _configured():
    global static_host
    try:
        import webrepl_cfg

        static_host = getattr(webrepl_cfg, "BASE", static_host)
        return webrepl_cfg.PASS
    except Exception:
        print("WebREPL is not configured, run 'import webrepl_setup'")


def start(port=8266, password=None, accept_handler=accept_conn):
    stop()
    _webrepl.password(_configured() if password is None else password)
    s = setup_conn(port, accept_handler)
    if accept_handler is None:
        print("Starting webrepl in foreground mode")
        while not accept_conn(s):
            pass
    else:
        print("Started webrepl in", "normal mode" if password is None else "manual override mode")


def start_foreground(port=8266, password=None):
    start(port, password, None)

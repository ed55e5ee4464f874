# What opens a WebSocket, on either side, before its frames.
import sys

import ubinascii as binascii
import uhashlib as hashlib

DEBUG = 0

# The protocol's own (RFC 6455, 1.3).
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


# Answers a request for a WebSocket.
def server_handshake(sock):
    request = sock.makefile("rwb", 0)
    line = request.readline()
    key = None
    while True:
        line = request.readline()
        if not line:
            raise OSError("EOF in headers")
        if line == b"\r\n":
            break
        name, value = [part.strip() for part in line.split(b":", 1)]
        if DEBUG:
            print((name, value))
        if name == b"Sec-WebSocket-Key":
            key = value
    if not key:
        raise OSError("Not a websocket request")
    digest = hashlib.sha1(key)
    digest.update(_GUID)
    accept = binascii.b2a_base64(digest.digest())[:-1]
    sock.send(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n")
    sock.send(b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")


# Asks for one, and does not look at the answer.
def client_handshake(sock):
    request = sock.makefile("rwb", 0)
    request.write(b"GET / HTTP/1.1\r\nHost: echo.websocket.org\r\nConnection: Upgrade\r\n")
    request.write(b"Upgrade: websocket\r\nSec-WebSocket-Key: foo\r\n\r\n")
    while True:
        line = request.readline()
        if DEBUG:
            sys.stdout.write(line)
        if not line or line == b"\r\n":
            return

# An MQTT 3.1.1 client as firmware had it until 2022: no timeout, no way to give a topic back.
import usocket as socket
from ustruct import pack, unpack


class MQTTException(Exception):
    pass


class MQTTClient:
    def __init__(
        self,
        client_id,
        server,
        port=0,
        user=None,
        password=None,
        keepalive=0,
        ssl=False,
        ssl_params={},
    ):
        self.client_id = client_id
        self.sock = None
        self.server = server
        self.port = port or (8883 if ssl else 1883)
        self.ssl = ssl
        self.ssl_params = ssl_params
        self.pid = 0
        self.cb = None
        self.user = user
        self.pswd = password
        self.keepalive = keepalive
        self.lw_topic = None
        self.lw_msg = None
        self.lw_qos = 0
        self.lw_retain = False

    def _string(self, s):
        if isinstance(s, str):
            s = s.encode()
        return pack("!H", len(s)) + s

    def _send(self, kind, body):
        size = len(body)
        head = bytearray([kind])
        while size > 0x7F:
            head.append(size & 0x7F | 0x80)
            size >>= 7
        head.append(size)
        self.sock.write(head)
        self.sock.write(body)

    def _recv_len(self):
        n = shift = 0
        while True:
            b = self.sock.read(1)[0]
            n |= (b & 0x7F) << shift
            if not b & 0x80:
                return n
            shift += 7

    def _next_pid(self):
        self.pid = self.pid % 65535 + 1
        return self.pid

    def set_callback(self, f):
        self.cb = f

    def set_last_will(self, topic, msg, retain=False, qos=0):
        assert 0 <= qos <= 2
        assert topic
        self.lw_topic = topic
        self.lw_msg = msg
        self.lw_qos = qos
        self.lw_retain = retain

    def connect(self, clean_session=True):
        self.sock = socket.socket()
        self.sock.connect(socket.getaddrinfo(self.server, self.port)[0][-1])
        if self.ssl:
            import ussl

            self.sock = ussl.wrap_socket(self.sock, **self.ssl_params)
        flags = clean_session << 1
        body = self._string(self.client_id)
        if self.lw_topic:
            flags |= 0x4 | self.lw_qos << 3 | self.lw_retain << 5
            body += self._string(self.lw_topic) + self._string(self.lw_msg)
        if self.user is not None:
            flags |= 0xC0
            body += self._string(self.user) + self._string(self.pswd)
        assert 0 <= self.keepalive < 65536
        self._send(0x10, b"\x00\x04MQTT\x04" + pack("!BH", flags, self.keepalive) + body)
        resp = self.sock.read(4)
        assert resp[0] == 0x20 and resp[1] == 2
        if resp[3]:
            raise MQTTException(resp[3])
        return resp[2] & 1

    def disconnect(self):
        self.sock.write(b"\xe0\0")
        self.sock.close()

    def ping(self):
        self.sock.write(b"\xc0\0")

    def publish(self, topic, msg, retain=False, qos=0):
        if qos == 2:
            raise NotImplementedError("QoS 2")
        if isinstance(msg, str):
            msg = msg.encode()
        body = self._string(topic)
        if qos:
            pid = self._next_pid()
            body += pack("!H", pid)
        self._send(0x30 | qos << 1 | retain, body + msg)
        while qos:
            if self.wait_msg() == 0x40:
                self.sock.read(1)
                if unpack("!H", self.sock.read(2))[0] == pid:
                    return

    def subscribe(self, topic, qos=0):
        assert self.cb is not None, "Subscribe callback is not set"
        pid = self._next_pid()
        self._send(0x82, pack("!H", pid) + self._string(topic) + bytes([qos]))
        while self.wait_msg() != 0x90:
            pass
        resp = self.sock.read(4)
        assert unpack("!H", resp[1:3])[0] == pid
        if resp[3] == 0x80:
            raise MQTTException(resp[3])

    # Waits for a message and hands it to the callback; other packets give their first byte.
    def wait_msg(self):
        kind = self.sock.read(1)
        self.sock.setblocking(True)
        if kind is None:
            return None
        if kind == b"":
            raise OSError(-1)
        kind = kind[0]
        if kind == 0xD0:
            size = self.sock.read(1)[0]
            assert size == 0
            return None
        if kind & 0xF0 != 0x30:
            return kind
        size = self._recv_len()
        n = unpack("!H", self.sock.read(2))[0]
        topic = self.sock.read(n)
        size -= n + 2
        if kind & 6:
            pid = self.sock.read(2)
            size -= 2
        msg = self.sock.read(size)
        self.cb(topic, msg)
        if kind & 6 == 2:
            self.sock.write(b"\x40\x02" + pid)
        elif kind & 6 == 4:
            raise NotImplementedError("QoS 2")
        return kind

    # As wait_msg, but comes back at once if there is nothing.
    def check_msg(self):
        self.sock.setblocking(False)
        return self.wait_msg()

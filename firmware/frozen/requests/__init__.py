# HTTP/1.1 requests, one connection each.
import socket


# What comes after the head of an answer; it ends where the answer does, not where the connection does.
class BodyStream:
    # `remaining`: how many bytes there are; less than 0 if they come in chunks that say it themselves.
    def __init__(self, sock, remaining):
        self._sock = sock
        self._chunks = remaining < 0
        self._left = max(remaining, 0)

    def _next_chunk(self):
        self._left = int(self._sock.readline().split(b";", 1)[0], 16)
        if not self._left:
            self._chunks = False
            while self._sock.readline() not in (b"\r\n", b""):
                pass

    def readinto(self, buf):
        if not self._left and self._chunks:
            self._next_chunk()
        if not self._left:
            return 0
        if len(buf) > self._left:
            buf = memoryview(buf)[: self._left]
        n = self._sock.readinto(buf)
        if not n:
            raise ValueError("Connection closed before body complete")
        self._left -= n
        if not self._left and self._chunks:
            # A line's end follows each chunk.
            self._sock.readline()
        return n

    def read(self, n=-1):
        if n >= 0:
            buf = bytearray(n)
            return bytes(buf[: self.readinto(buf)])
        buf = bytearray(256)
        all = b""
        while True:
            n = self.readinto(buf)
            if not n:
                return all
            all += buf[:n]

    def close(self):
        self._sock.close()


class Response:
    def __init__(self, f):
        self.raw = f
        self.encoding = "utf-8"
        self._cached = None

    def close(self):
        if self.raw:
            self.raw.close()
            self.raw = None
        self._cached = None

    @property
    def content(self):
        if self._cached is None:
            try:
                self._cached = self.raw.read()
            finally:
                self.raw.close()
                self.raw = None
        return self._cached

    @property
    def text(self):
        return str(self.content, self.encoding)

    def json(self):
        import json

        return json.loads(self.content)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.close()


def _split(url):
    proto, _, host, *rest = url.split("/", 3)
    path = rest[0] if rest else ""
    if proto == "http:":
        port = 80
    elif proto == "https:":
        port = 443
    else:
        raise ValueError("Unsupported protocol: " + proto)
    for mark in "?#":
        if mark in host:
            host, query = host.split(mark, 1)
            path = mark + query + path
    if ":" in host:
        host, port = host.split(":", 1)
        port = int(port)
    return proto, host, port, path


def _basic(auth):
    import binascii

    return "Basic " + binascii.b2a_base64("%s:%s" % tuple(auth)).decode().rstrip()


def _secure(s, host):
    import tls

    context = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
    context.verify_mode = tls.CERT_NONE
    return context.wrap_socket(s, server_hostname=host)


def _send_head(s, method, path, headers):
    s.write("%s /%s HTTP/1.1\r\n" % (method, path))
    for k in headers:
        s.write(k)
        s.write(b": ")
        s.write(headers[k])
        s.write(b"\r\n")
    s.write(b"\r\n")


def _send_parts(s, parts, chunked):
    for part in parts:
        if chunked:
            s.write("%x\r\n" % len(part))
        s.write(part)
        if chunked:
            s.write("\r\n")
    if chunked:
        s.write("0\r\n\r\n")


# The first line of an answer: status and reason.
def _read_status(s):
    line = s.readline().split(None, 2)
    if len(line) < 2:
        raise ValueError("HTTP error: BadStatusLine:\n%s" % line)
    return int(line[1]), line[2].rstrip() if len(line) > 2 else ""


# The lines after it go to `reply` and to who wants them: how long the body is (None: to the end of the
# connection), and where to go instead.
def _read_headers(s, status, origin, parse_headers, reply):
    size = redirect = None
    while True:
        line = s.readline()
        if not line or line == b"\r\n":
            return size, redirect
        name = line.split(b":", 1)[0].lower()
        if name == b"transfer-encoding" and b"chunked" in line:
            size = -1
        elif name == b"location" and not 200 <= status <= 299:
            if status not in (301, 302, 303, 307, 308):
                raise NotImplementedError("Redirect %d not yet supported" % status)
            redirect = str(line[10:-2], "utf-8")
            if redirect.startswith("/"):
                redirect = origin + redirect
        if parse_headers is False:
            continue
        if parse_headers is not True:
            parse_headers(line, reply)
            continue
        k, v = str(line, "utf-8").split(":", 1)
        reply[k] = v = v.strip()
        if name == b"content-length" and size is None:
            size = int(v)


def request(
    method,
    url,
    data=None,
    json=None,
    headers=None,
    stream=None,
    auth=None,
    timeout=None,
    parse_headers=True,
):
    headers = {} if headers is None else headers.copy()
    in_parts = data and getattr(data, "__next__", None) and not getattr(data, "__len__", None)
    if auth is not None:
        headers["Authorization"] = _basic(auth)
    proto, host, port, path = _split(url)
    headers.setdefault("Host", host)
    headers.setdefault("Connection", "close")

    ai = socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)[0]
    reply = None if parse_headers is False else {}
    s = socket.socket(ai[0], socket.SOCK_STREAM, ai[2])
    if timeout is not None:
        s.settimeout(timeout)
    try:
        s.connect(ai[-1])
        if proto == "https:":
            s = _secure(s, host)
        if json is not None:
            assert data is None
            from json import dumps

            data = dumps(json)
            headers.setdefault("Content-Type", "application/json")
        if in_parts:
            if "Content-Length" not in headers:
                headers.setdefault("Transfer-Encoding", "chunked")
        elif data:
            if isinstance(data, str):
                data = data.encode()
            headers.setdefault("Content-Length", str(len(data)))
        _send_head(s, method, path, headers)
        if in_parts:
            _send_parts(s, data, headers.get("Transfer-Encoding") == "chunked")
        elif data:
            s.write(data)
        status, reason = _read_status(s)
        origin = "%s//%s:%d" % (proto, host, port)
        size, redirect = _read_headers(s, status, origin, parse_headers, reply)
    except BaseException:
        s.close()
        raise

    if redirect:
        s.close()
        # It may be another host's.
        del headers["Host"]
        if status in (301, 302, 303):
            method, data, json = "GET", None, None
        return request(method, redirect, data, json, headers, stream)
    resp = Response(s if size is None else BodyStream(s, size))
    resp.status_code = status
    resp.reason = reason
    if reply is not None:
        resp.headers = reply
    return resp


def head(url, **kw):
    return request("HEAD", url, **kw)


def get(url, **kw):
    return request("GET", url, **kw)


def post(url, **kw):
    return request("POST", url, **kw)


def put(url, **kw):
    return request("PUT", url, **kw)


def patch(url, **kw):
    return request("PATCH", url, **kw)


def delete(url, **kw):
    return request("DELETE", url, **kw)

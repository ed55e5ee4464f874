# HTTP/1.0 requests of 2019: no timeout, no redirects, and a socket that stays open until its response was read.
import usocket


class Response:
    def __init__(self, sock):
        self.raw = sock
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
        import ujson

        return ujson.loads(self.content)


def _split(url):
    parts = url.split("/", 3)
    proto, host = parts[0], parts[2]
    path = parts[3] if len(parts) > 3 else ""
    if proto == "http:":
        port = 80
    elif proto == "https:":
        port = 443
    else:
        raise ValueError("Unsupported protocol: " + proto)
    if ":" in host:
        host, port = host.split(":", 1)
        port = int(port)
    return proto, host, port, path


def _send(s, method, path, host, headers, data, json):
    s.write(b"%s /%s HTTP/1.0\r\n" % (method, path))
    if "Host" not in headers:
        s.write(b"Host: %s\r\n" % host)
    for name in headers:
        s.write(name)
        s.write(b": ")
        s.write(headers[name])
        s.write(b"\r\n")
    if json is not None:
        import ujson

        data = ujson.dumps(json)
        s.write(b"Content-Type: application/json\r\n")
    if data:
        s.write(b"Content-Length: %d\r\n" % len(data))
    s.write(b"\r\n")
    if data:
        s.write(data)


def request(method, url, data=None, json=None, headers={}, stream=None):
    proto, host, port, path = _split(url)
    # Without a network there is no address, and no first one.
    ai = usocket.getaddrinfo(host, port, 0, usocket.SOCK_STREAM)
    ai = ai[0]
    s = usocket.socket(ai[0], ai[1], ai[2])
    try:
        s.connect(ai[-1])
        if proto == "https:":
            import ussl

            s = ussl.wrap_socket(s, server_hostname=host)
        _send(s, method, path, host, headers, data, json)
        words = s.readline().split(None, 2)
        status = int(words[1])
        reason = words[2].rstrip() if len(words) > 2 else ""
        while True:
            line = s.readline()
            if not line or line == b"\r\n":
                break
            if line.startswith(b"Transfer-Encoding:") and b"chunked" in line:
                raise ValueError("Unsupported " + line)
            if line.startswith(b"Location:") and not 200 <= status <= 299:
                raise NotImplementedError("Redirects not yet supported")
    except OSError:
        s.close()
        raise
    response = Response(s)
    response.status_code = status
    response.reason = reason
    return response


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

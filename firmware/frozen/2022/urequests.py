# HTTP/1.0 requests of 2022, one connection each.
import socket


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
        import json

        return json.loads(self.content)


def _split(url):
    proto, _, host, *rest = url.split("/", 3)
    path = rest[0] if rest else ""
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


def _basic(auth):
    import binascii

    user, password = auth
    text = binascii.b2a_base64(("%s:%s" % (user, password)).encode())[:-1].decode()
    return "Basic " + text


def _secure(s, host):
    import ssl

    return ssl.wrap_socket(s, server_hostname=host)


def _send_body(s, data, chunked):
    if not chunked:
        s.write(data)
        return
    for part in data:
        s.write("%x\r\n" % len(part))
        s.write(part)
        s.write("\r\n")
    s.write("0\r\n\r\n")


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
    if headers is None:
        headers = {}
    else:
        headers = headers.copy()
    redirect = None
    chunked = data is not None and getattr(data, "__next__", None) and not getattr(data, "__len__", None)
    if auth is not None:
        headers["Authorization"] = _basic(auth)
    proto, host, port, path = _split(url)

    ai = socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)[0]
    reply = {} if parse_headers is True else None
    s = socket.socket(ai[0], socket.SOCK_STREAM, ai[2])
    if timeout is not None:
        s.settimeout(timeout)
    try:
        s.connect(ai[-1])
        if proto == "https:":
            s = _secure(s, host)
        s.write(method + " /" + path + " HTTP/1.0\r\n")
        if "Host" not in headers:
            headers["Host"] = host
        if json is not None:
            assert data is None
            from json import dumps

            data = dumps(json)
            if "Content-Type" not in headers:
                headers["Content-Type"] = "application/json"
        if data:
            if chunked:
                if "Transfer-Encoding" not in headers and "Content-Length" not in headers:
                    headers["Transfer-Encoding"] = "chunked"
            elif "Content-Length" not in headers:
                headers["Content-Length"] = str(len(data))
        if "Connection" not in headers:
            headers["Connection"] = "close"
        for k in headers:
            s.write(k)
            s.write(b": ")
            s.write(headers[k])
            s.write(b"\r\n")
        s.write(b"\r\n")
        if data:
            _send_body(s, data, chunked and headers.get("Transfer-Encoding") == "chunked")

        line = s.readline().split(None, 2)
        if len(line) < 2:
            raise ValueError("HTTP error: BadStatusLine:\n%s" % line)
        status = int(line[1])
        reason = line[2].rstrip() if len(line) > 2 else b""
        while True:
            line = s.readline()
            if not line or line == b"\r\n":
                break
            if line.startswith(b"Transfer-Encoding:"):
                if b"chunked" in line:
                    raise ValueError("Unsupported " + str(line, "utf-8"))
            elif line.startswith(b"Location:") and not 200 <= status <= 299:
                if status in (301, 302, 303, 307, 308):
                    redirect = str(line[10:-2], "utf-8")
                else:
                    raise NotImplementedError("Redirect %d not yet supported" % status)
            if parse_headers is False:
                pass
            elif parse_headers is True:
                k, v = str(line, "utf-8").split(":", 1)
                reply[k] = v.strip()
            else:
                parse_headers(line, reply)
    except BaseException:
        s.close()
        raise

    if redirect:
        s.close()
        if status in (301, 302, 303):
            method, data, json = "GET", None, None
        return request(method, redirect, data, json, headers, stream, None, timeout, parse_headers)
    resp = Response(s)
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

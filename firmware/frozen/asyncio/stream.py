# Streams over sockets, files and ports.
from . import core
from .sync import _once


class Stream:
    def __init__(self, s, e={}):
        self.s = s
        self.e = e
        self.out_buf = b""

    def get_extra_info(self, v):
        return self.e[v]

    async def _readable(self):
        core._io_queue.queue_read(self.s)
        await _once

    async def _writable(self):
        core._io_queue.queue_write(self.s)
        await _once

    def close(self):
        pass

    async def wait_closed(self):
        self.s.close()

    async def read(self, n=-1):
        data = b""
        while True:
            await self._readable()
            part = self.s.read(n)
            if part is not None:
                if n >= 0:
                    return part
                if not part:
                    return data
                data += part

    async def readinto(self, buf):
        await self._readable()
        return self.s.readinto(buf)

    async def readexactly(self, n):
        data = b""
        while n:
            await self._readable()
            part = self.s.read(n)
            if part is not None:
                if not part:
                    raise EOFError
                data += part
                n -= len(part)
        return data

    async def readline(self):
        line = b""
        while True:
            await self._readable()
            part = self.s.readline()
            if part is not None:
                line += part
                if not part or line[-1] == 10:
                    return line

    def write(self, buf):
        if not self.out_buf:
            # What goes at once needs no memory.
            sent = self.s.write(buf)
            if sent == len(buf):
                return
            if sent is not None:
                buf = buf[sent:]
        self.out_buf += buf

    async def drain(self):
        if not self.out_buf:
            return await core.sleep_ms(0)
        data = memoryview(self.out_buf)
        at = 0
        while at < len(data):
            await self._writable()
            sent = self.s.write(data[at:])
            if sent is not None:
                at += sent
        self.out_buf = b""

    # Names of the first asyncio.
    async def aclose(self):
        self.s.close()

    async def awrite(self, buf, off=0, sz=-1):
        if off or sz >= 0:
            buf = buf[off : off + sz if sz >= 0 else len(buf)]
        self.write(buf)
        await self.drain()

    async def awritestr(self, buf):
        await self.awrite(buf)


StreamReader = Stream
StreamWriter = Stream


async def open_connection(host, port, ssl=None, server_hostname=None):
    import socket
    from errno import EINPROGRESS

    info = socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)[0]
    s = socket.socket(info[0], info[1], info[2])
    s.setblocking(False)
    try:
        s.connect(info[-1])
    except OSError as e:
        if e.errno != EINPROGRESS:
            raise e
    if ssl:
        if ssl is True:
            import ssl as tls

            ssl = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
            ssl.verify_mode = tls.CERT_NONE
        core._io_queue.queue_write(s)
        await _once
        s = ssl.wrap_socket(s, server_hostname=server_hostname or host, do_handshake_on_connect=False)
        s.setblocking(False)
        stream = Stream(s)
    else:
        stream = Stream(s)
        core._io_queue.queue_write(s)
        await _once
    return stream, stream


class Server:
    def close(self):
        self.task.cancel()

    async def wait_closed(self):
        await self.task

    async def __aenter__(self):
        return self

    async def __aexit__(self, *args):
        self.close()
        await self.wait_closed()

    async def _serve(self, s, cb, ssl):
        try:
            while True:
                core._io_queue.queue_read(s)
                await _once
                try:
                    client, address = s.accept()
                except OSError:
                    continue
                if ssl:
                    try:
                        client = ssl.wrap_socket(client, server_side=True, do_handshake_on_connect=False)
                    except OSError:
                        client.close()
                        continue
                client.setblocking(False)
                stream = Stream(client, {"peername": address})
                core.create_task(cb(stream, stream))
        except core.CancelledError:
            pass
        finally:
            s.close()


async def start_server(cb, host, port, backlog=5, ssl=None):
    import socket

    info = socket.getaddrinfo(host, port)[0]
    s = socket.socket()
    s.setblocking(False)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(info[-1])
    s.listen(backlog)
    server = Server()
    server.task = core.create_task(server._serve(s, cb, ssl))
    try:
        # The listener runs from the next turn on.
        await core.sleep_ms(0)
    except core.CancelledError as e:
        server.task.cancel()
        raise e
    return server

# ESP-NOW for asyncio: while a message is waited for, other tasks run.

import espnow
from asyncio import core
from asyncio.sync import _once


class AIOESPNow(espnow.ESPNow):
    async def arecv(self):
        core._io_queue.queue_read(self)
        await _once
        return self.recv(0)

    async def airecv(self):
        core._io_queue.queue_read(self)
        await _once
        return self.irecv(0)

    async def asend(self, mac, msg=None, sync=None):
        # One argument is the message, for all peers.
        if msg is None:
            msg, mac = mac, None
        if sync is None:
            sync = True
        core._io_queue.queue_write(self)
        await _once
        return self.send(mac, msg, sync)

    def __aiter__(self):
        return self

    async def __anext__(self):
        return await self.airecv()

# ESP-NOW: the messages of `_espnow` as Python has them. There is one driver, however many objects lead to it.

from _espnow import *

_NOTHING = (None, None)


class ESPNow(ESPNowBase):
    # Where a message goes that is read without new memory: sender and text, shared by all.
    _data = [None, bytearray(MAX_DATA_LEN)]

    def __init__(self):
        super().__init__()

    def irq(self, callback):
        super().irq(callback, self)

    def irecv(self, timeout_ms=None):
        return self._data if self.recvinto(self._data, timeout_ms) else _NOTHING

    def recv(self, timeout_ms=None):
        if not self.recvinto(self._data, timeout_ms):
            return _NOTHING
        peer, msg = self._data
        return [bytes(peer), bytes(msg)]

    def __iter__(self):
        return self

    def __next__(self):
        return self.irecv()

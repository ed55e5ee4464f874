# A queue of so many entries by the time they are due.
from time import ticks_diff


class utimeq:
    def __init__(self, alloc):
        self._room = alloc
        self._entries = []

    def __len__(self):
        return len(self._entries)

    def __bool__(self):
        return bool(self._entries)

    def push(self, due, callback, args):
        entries = self._entries
        if len(entries) >= self._room:
            raise IndexError("queue overflow")
        i = len(entries)
        while i and ticks_diff(entries[i - 1][0], due) > 0:
            i -= 1
        entries.insert(i, (due, callback, args))

    def pop(self, into):
        if not self._entries:
            raise IndexError("empty heap")
        into[:] = self._entries.pop(0)

    def peektime(self):
        if not self._entries:
            raise IndexError("empty heap")
        return self._entries[0][0]

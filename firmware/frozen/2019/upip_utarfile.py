# Archives of tar that are read as they come: forwards, member after member.

DIRTYPE = "dir"
REGTYPE = "file"

BLOCK = 512


# The content of a member.
class FileSection:
    def __init__(self, f, size):
        self.f = f
        self.content_len = size
        self.align = -size % BLOCK

    def read(self, sz=65536):
        if not self.content_len:
            return b""
        data = self.f.read(min(sz, self.content_len))
        self.content_len -= len(data)
        return data

    def readinto(self, buf):
        if not self.content_len:
            return 0
        if len(buf) > self.content_len:
            buf = memoryview(buf)[: self.content_len]
        sz = self.f.readinto(buf)
        self.content_len -= sz
        return sz

    # What nobody has read of it, and what fills its last block.
    def skip(self):
        left = self.content_len + self.align
        while left:
            got = self.f.read(min(left, 64))
            if not got:
                return
            left -= len(got)


class TarInfo:
    def __str__(self):
        return "TarInfo(%r, %s, %d)" % (self.name, self.type, self.size)


class TarFile:
    def __init__(self, name=None, fileobj=None):
        self.f = fileobj if fileobj else open(name, "rb")
        self.subf = None

    def next(self):
        if self.subf:
            self.subf.skip()
        head = self.f.read(BLOCK)
        # A block of zeros comes after the last member.
        if not head or not head[0]:
            return None
        info = TarInfo()
        info.name = str(head[:100], "utf-8").rstrip("\0")
        info.size = int(head[124:135], 8)
        info.type = DIRTYPE if info.name[-1] == "/" else REGTYPE
        self.subf = info.subf = FileSection(self.f, info.size)
        return info

    def __iter__(self):
        return self

    def __next__(self):
        info = self.next()
        if info is None:
            raise StopIteration
        return info

    def extractfile(self, tarinfo):
        return tarinfo.subf

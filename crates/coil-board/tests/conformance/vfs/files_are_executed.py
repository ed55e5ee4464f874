# execfile runs a program from a file, in the names it is given.
import io
import os
import vfs


class File(io.IOBase):
    def __init__(self, data):
        self.data = data

    def ioctl(self, request, arg):
        return 0 if request == 4 else -1

    def readinto(self, buf):
        n = min(len(buf), len(self.data))
        buf[:n] = self.data[:n]
        self.data = self.data[n:]
        return n


class Files:
    def __init__(self, files):
        self.files = files

    def mount(self, readonly, mkfs):
        pass

    def umount(self):
        pass

    def open(self, file, mode):
        if file not in self.files:
            raise OSError(2)
        return File(self.files[file])


vfs.mount(Files({
    '/a.py': b'print(x, __name__)\nx = 5\ndef f(): return x\n',
    '/bad.py': b'x = = 1\n',
    '/raises.py': b'\n\nraise KeyError(1)\n',
    '/long.py': b'y = ' + b'+'.join(b'1' for _ in range(400)) + b'\n',
}), '/run')
x = 1
execfile('/run/a.py')
print(x, f())
names = {'x': 'other', '__name__': 'given'}
execfile('/run/a.py', names)
print(sorted(n for n in names if n[0] != '_'), names['f'](), x)
inside = {'x': 'local', '__name__': 'l'}
execfile('/run/a.py', {}, inside)
print(sorted(inside))


def caller():
    x = 'not seen'
    print(execfile('/run/long.py'))
    return y


print(caller())
for args in (('/run/none.py',), ('/run/bad.py',), ('/run/raises.py',), (b'/run/a.py',), (1,), (), ('/run/a.py', 1), ('/run/a.py', {}, 1), ('/run/a.py', {}, {}, 1)):
    try:
        print(execfile(*args))
    except Exception as e:
        print(type(e))
vfs.umount('/run')

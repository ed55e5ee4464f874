# A finaliser gives a class another `__init__` while objects of it are being made.
import gc

ZERO = 0

class A:
    def __init__(self, x):
        self.x = x + ZERO

class Trash:
    def __del__(self):
        def init(self, x):
            self.x = x + ZERO
        A.__init__ = init
        # Nobody else has the old one: its memory is used again.
        for size in range(1, 12):
            [[size] * size, bytes(size * 16)]

def make(n):
    wrong = 0
    for i in range(n):
        Trash()
        if i % 10 == 0:
            gc.collect()
        if A(i).x != i:
            wrong += 1
    return wrong

print(make(300))

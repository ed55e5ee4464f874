class A:
    z = 1
    def __init__(self, v): self.v = v
    def __add__(self, o): return A(self.v + getattr(o, 'v', 0))
    def __getattr__(self, n): return n * 2
    def __del__(self): pass
    def __iter__(self): return iter(range(self.v))
    def __eq__(self, o): return True
    def __repr__(self): return 'A%d' % self.v
class B(A, list):
    def __init__(self): super().__init__(3); self.append(self)
print(A(1) + A(2), list(A(3)), A(1).q, {A(1): 2} if 0 else 0)
b = B(); print(len(b), b == 1, [*b][0] is b)

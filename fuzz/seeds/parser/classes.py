class A(B, metaclass=C):
    x: int = 1
    def m(self):
        return super().m()[1:2]
    @property
    def p(self): return self.x

# The function that `__build_class__` calls has the class's names, for what it executes.
A = __build_class__(lambda: exec("a = 1\nb = a + 1\ndef f(self): return self.b"), "A")
print(A.a, A.b, A().f())


def make(n):
    return __build_class__(lambda: exec("c = " + str(n)), "B")


print(make(3).c, make(4).c)
print("a" in globals(), "c" in globals())

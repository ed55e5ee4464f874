# The classes, their bases, arguments and texts.
import sys
classes = (BaseException, Exception, ArithmeticError, ZeroDivisionError, OverflowError, AssertionError, AttributeError, EOFError, GeneratorExit, ImportError, LookupError, IndexError, KeyError, KeyboardInterrupt, MemoryError, NameError, NotImplementedError, OSError, RuntimeError, StopIteration, StopAsyncIteration, SyntaxError, IndentationError, SystemExit, TypeError, ValueError, UnicodeError)
for c in classes:
    bases = [b.__name__ for b in classes if issubclass(c, b) and b is not c]
    print(c.__name__, bases, repr(c()), repr(c(1)), str(c()), str(c("s")), str(c(1, "b")), c(1, 2).args)
print(repr(KeyError("k")), str(KeyError("k")), str(KeyError(1)))
e = OSError(2)
print(repr(e), str(e), e.errno, e.args)
e = OSError(2, "text")
print(repr(e), str(e), e.errno)
e = OSError(99999)
print(repr(e), e)
e = OSError("x")
print(repr(e), e.errno)
print(StopIteration(5).value, StopIteration().value, StopIteration(1, 2).value)
s = SystemExit(3)
print(s.args, repr(s))
class My(ValueError):
    pass
class Other(My):
    def __init__(self, a, b=2):
        super().__init__("other", a)
        self.b = b
class Third(Exception):
    def __init__(self, x):
        self.x = x
for make in (lambda: My(), lambda: My(1, 2), lambda: Other(5), lambda: Third(7)):
    e = make()
    print(repr(e), str(e), e.args, isinstance(e, ValueError))
try:
    raise Other(1)
except ValueError as e:
    print(type(e).__name__, e.b)
e = ValueError("a")
try:
    e.nope
except AttributeError as x:
    print(x)
try:
    e.args = (5,)
    print(e.args)
except AttributeError as x:
    print(x)
def trace(f):
    try:
        f()
    except BaseException as e:
        sys.print_exception(e)
def a():
    b(1)
def b(x):
    if x:
        raise My("deep",
            2)
trace(a)
trace(lambda: 1 / 0)
trace(lambda: {}["k"])
trace(lambda: [][5])
trace(lambda: int("x", 2) if False else undefined)
trace(lambda: (1).x)
trace(lambda: exec("\n\nraise ValueError('in exec')"))
trace(lambda: exec("x ="))
trace(lambda: exec("def f():\n  x = 1\n y = 2"))
trace(lambda: eval("1 +"))
def rec():
    rec()
try:
    rec()
except RuntimeError as e:
    print(e)
class K:
    def m(self):
        raise OSError(5)
trace(K().m)
def gen():
    yield 1
    raise ValueError("gen")
trace(lambda: list(gen()))
trace(lambda: sorted([3, 1, 2], key=lambda x: 1 / 0))
try:
    try:
        b(1)
    except My as e:
        raise
except My as e:
    sys.print_exception(e)
import io
f = io.StringIO()
sys.print_exception(ValueError("to file"), f)
print(repr(f.getvalue()))

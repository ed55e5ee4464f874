# What exceptions say: args, str, repr, custom ones, chains, and how print_exception shows them.
import sys, io
def show(e):
    print(type(e).__name__, e.args, "[%s]" % e, repr(e), e.value if isinstance(e, StopIteration) else "", e.errno if isinstance(e, OSError) else "")
for e in (Exception(), Exception(None), Exception(1), Exception("a", 2), Exception(("t",)), Exception([]), Exception(""), ValueError("it's"), KeyError("k"), KeyError(1, 2), KeyError(), StopIteration(), StopIteration(5), StopIteration(1, 2), OSError(), OSError(2), OSError("text"), OSError(2, "text"), OSError(2, "text", "file"), OSError(99999), SystemExit(), SystemExit(3), SystemExit("bye"), AssertionError("a"), UnicodeError("u"), GeneratorExit(), KeyboardInterrupt(), ZeroDivisionError("z"), MemoryError(), ImportError("no module"), NotImplementedError(), OverflowError("o"), SyntaxError("s"), IndentationError("i"), AttributeError("x"), NameError("n"), EOFError(), RuntimeError("r"), IndexError(5), ArithmeticError(), LookupError(), TypeError("%d", 1)):
    show(e)
class Mine(Exception):
    pass
class Says(ValueError):
    def __str__(self):
        return "says so"
class Reprs(ValueError):
    def __repr__(self):
        return "reprs so"
class Init(Exception):
    def __init__(self, a, b=2):
        self.a, self.b = a, b
class Super(Exception):
    def __init__(self, a):
        super().__init__("super " + a)
        self.code = 7
class Two(KeyError):
    pass
for e in (Mine(), Mine(1), Mine("a", "b"), Says("x"), Reprs("x"), Init(1), Super("x"), Two("k")):
    show(e)
print(Init(1, 3).b, Super("y").code)
for x in (ValueError("text"), ValueError(), ValueError(1, 2), Mine("mine"), Says("x"), Reprs("x"), KeyError("k"), OSError(2), StopIteration(5), Two()):
    try:
        raise x
    except BaseException as e:
        s = io.StringIO()
        sys.print_exception(e, s)
        print(s.getvalue().split("\n")[-2])
for s in ("raise 5", "raise 'text'", "raise None", "raise int", "raise ValueError", "raise ValueError('a') from None", "raise ValueError('a') from KeyError('b')", "raise ValueError from 5", "raise", "raise Mine", "raise Mine(1) from Mine(2)", "assert 0", "assert 0, 'why'", "assert 0, ('t', 1)", "assert ()", "try:\n raise ValueError\nexcept KeyError:\n pass", "try:\n raise ValueError(1)\nexcept (KeyError, ValueError) as e:\n print('in', e)", "try:\n raise ValueError\nexcept 5:\n pass", "try:\n 1/0\nexcept ValueError, e:\n pass", "try:\n 1/0\nfinally:\n raise KeyError('f')", "try:\n 1/0\nexcept:\n raise", "try:\n 1/0\nexcept ZeroDivisionError as e:\n pass\nprint(e)", "e = ValueError('x')\ne.x = 1\nprint(e.x)", "e = ValueError('x')\ne.args = (1, 2)\nprint(e)", "print(ValueError('x').y)", "print(ValueError('x') == ValueError('x'))", "raise Mine('a').with_traceback", "raise StopIteration", "raise GeneratorExit('g')", "class F(Exception, ValueError): pass\nraise F(1)", "class G(int, Exception): pass", "isinstance(5, ValueError)\nprint(issubclass(Two, KeyError), isinstance(Two(), LookupError))", "class H(Mine, KeyError): pass", "Init(1, b=3)", "Exception(a=1)", "e = Exception()\ne.__cause__ = 5", "e = Mine()\ne.__cause__ = 5\nprint(e.__cause__)", "print(Exception.__name__, type(Mine()).__name__, Mine.__bases__)", "print(ValueError('a').__class__, ValueError.__class__)"):
    try:
        exec(s)
        print(repr(s), "done")
    except BaseException as e:
        print(repr(s), type(e).__name__, e.args)
e = Exception("chain")
print(hasattr(e, "__traceback__"), hasattr(e, "__context__"), hasattr(Mine(), "__cause__"))
def nested():
    try:
        try:
            raise ValueError(1)
        finally:
            print("inner finally")
    except ValueError as e:
        try:
            raise KeyError(2)
        except KeyError as f:
            print(e, f)
        raise
try:
    nested()
except ValueError as e:
    print("outer", e)
def in_return():
    try:
        return "try"
    finally:
        print("before the value")
def overrides():
    try:
        return "try"
    finally:
        return "finally"
def swallows():
    while True:
        try:
            raise ValueError
        finally:
            break
    return "swallowed"
print(in_return(), overrides(), swallows())

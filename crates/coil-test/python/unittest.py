# What `coil test` puts on a board's path as `unittest`: the classes and asserts of CPython's that fit a
# board. It also tells `coil test` about each test by itself.
import sys

try:
    import io
except ImportError:
    import uio as io
try:
    import json
except ImportError:
    import ujson as json


class SkipTest(Exception):
    pass


def skip(why=""):
    def mark(what):
        if isinstance(what, type):
            what._coil_skip = why
            return what

        def skipped(*args, **keywords):
            raise SkipTest(why)

        return skipped

    return mark


def skipIf(condition, why=""):
    return skip(why) if condition else lambda what: what


def skipUnless(condition, why=""):
    return skipIf(not condition, why)


class _Expected(Exception):
    pass


class _Unexpected(Exception):
    pass


def expectedFailure(test):
    def turned(*args, **keywords):
        try:
            result = test(*args, **keywords)
            if hasattr(result, "send"):
                _finish(result)
        except SkipTest:
            raise
        except Exception as e:
            raise _Expected(repr(e))
        raise _Unexpected("this test was expected to fail")

    return turned


def _finish(coroutine):
    try:
        import asyncio
    except ImportError:
        import uasyncio as asyncio
    return asyncio.run(coroutine)


def _search(pattern, text):
    if hasattr(pattern, "search"):
        return pattern.search(text)
    import re

    return re.search(pattern, text)


class _Raises:
    def __init__(self, expected, pattern=None):
        self.expected = expected
        self.pattern = pattern
        self.exception = None

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.exception = value
        if kind is None:
            names = self.expected if isinstance(self.expected, tuple) else (self.expected,)
            raise AssertionError("{} not raised".format(" or ".join([c.__name__ for c in names])))
        if not issubclass(kind, self.expected):
            return False
        if self.pattern is not None and not _search(self.pattern, str(value)):
            raise AssertionError("{!r} does not match {!r}".format(str(value), self.pattern))
        return True


class _SubTest:
    def __init__(self, case, words, params):
        self.case = case
        self.words = words
        self.params = params

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind is None or not issubclass(kind, Exception) or issubclass(kind, SkipTest):
            return False
        names = ["{}={!r}".format(k, self.params[k]) for k in sorted(self.params)]
        if self.words is not None:
            names.insert(0, str(self.words))
        self.case._coil_failures.append("[{}]\n{}".format(", ".join(names), _trace(value)))
        return True


class TestCase:
    failureException = AssertionError

    def __init__(self, name="runTest"):
        self._coil_name = name
        self._coil_failures = []
        self._coil_cleanups = []

    def setUp(self):
        pass

    def tearDown(self):
        pass

    @classmethod
    def setUpClass(cls):
        pass

    @classmethod
    def tearDownClass(cls):
        pass

    def addCleanup(self, call, *args, **keywords):
        self._coil_cleanups.append((call, args, keywords))

    def doCleanups(self):
        while self._coil_cleanups:
            call, args, keywords = self._coil_cleanups.pop()
            call(*args, **keywords)

    def subTest(self, msg=None, **params):
        return _SubTest(self, msg, params)

    def skipTest(self, why=""):
        raise SkipTest(why)

    def fail(self, msg="failed"):
        raise AssertionError(msg)

    def _check(self, is_so, msg, words, *values):
        if not is_so:
            text = words.format(*[_short(v) for v in values])
            raise AssertionError(text if msg is None else "{} : {}".format(text, msg))

    def assertEqual(self, first, second, msg=None):
        self._check(first == second, msg, "{} != {}", first, second)

    def assertNotEqual(self, first, second, msg=None):
        self._check(not first == second, msg, "{} == {}", first, second)

    def assertTrue(self, expr, msg=None):
        self._check(expr, msg, "{} is not true", expr)

    def assertFalse(self, expr, msg=None):
        self._check(not expr, msg, "{} is not false", expr)

    def assertIs(self, first, second, msg=None):
        self._check(first is second, msg, "{} is not {}", first, second)

    def assertIsNot(self, first, second, msg=None):
        self._check(first is not second, msg, "{} is {}", first, second)

    def assertIsNone(self, obj, msg=None):
        self._check(obj is None, msg, "{} is not None", obj)

    def assertIsNotNone(self, obj, msg=None):
        self._check(obj is not None, msg, "unexpectedly None")

    def assertIn(self, member, container, msg=None):
        self._check(member in container, msg, "{} not found in {}", member, container)

    def assertNotIn(self, member, container, msg=None):
        self._check(member not in container, msg, "{} unexpectedly found in {}", member, container)

    def assertIsInstance(self, obj, cls, msg=None):
        self._check(isinstance(obj, cls), msg, "{} is not an instance of {}", obj, cls)

    def assertNotIsInstance(self, obj, cls, msg=None):
        self._check(not isinstance(obj, cls), msg, "{} is an instance of {}", obj, cls)

    def assertGreater(self, first, second, msg=None):
        self._check(first > second, msg, "{} not greater than {}", first, second)

    def assertGreaterEqual(self, first, second, msg=None):
        self._check(first >= second, msg, "{} not greater than or equal to {}", first, second)

    def assertLess(self, first, second, msg=None):
        self._check(first < second, msg, "{} not less than {}", first, second)

    def assertLessEqual(self, first, second, msg=None):
        self._check(first <= second, msg, "{} not less than or equal to {}", first, second)

    def _is_near(self, first, second, places, delta):
        if first == second:
            return True
        off = abs(first - second)
        if delta is not None:
            return off <= delta
        return round(off, 7 if places is None else places) == 0

    def assertAlmostEqual(self, first, second, places=None, msg=None, delta=None):
        is_near = self._is_near(first, second, places, delta)
        self._check(is_near, msg, "{} != {} within the tolerance", first, second)

    def assertNotAlmostEqual(self, first, second, places=None, msg=None, delta=None):
        is_near = self._is_near(first, second, places, delta)
        self._check(not is_near, msg, "{} == {} within the tolerance", first, second)

    def assertRegex(self, text, pattern, msg=None):
        self._check(_search(pattern, text), msg, "{} does not match {}", text, pattern)

    def assertNotRegex(self, text, pattern, msg=None):
        self._check(not _search(pattern, text), msg, "{} matches {}", text, pattern)

    def assertCountEqual(self, first, second, msg=None):
        rest = list(second)
        for item in first:
            self._check(item in rest, msg, "{} is not as often in {}", item, second)
            rest.remove(item)
        self._check(not rest, msg, "{} is in the second one alone", rest)

    def assertSequenceEqual(self, first, second, msg=None, seq_type=None):
        self._check(list(first) == list(second), msg, "{} != {}", first, second)

    def assertRaises(self, expected, *args, **keywords):
        context = _Raises(expected)
        if not args:
            return context
        with context:
            args[0](*args[1:], **keywords)

    def assertRaisesRegex(self, expected, pattern, *args, **keywords):
        context = _Raises(expected, pattern)
        if not args:
            return context
        with context:
            args[0](*args[1:], **keywords)

    assertListEqual = assertTupleEqual = assertDictEqual = assertSetEqual = assertEqual
    assertMultiLineEqual = assertEqual


IsolatedAsyncioTestCase = TestCase


def _short(value):
    text = repr(value)
    return text if len(text) <= 300 else text[:300] + "..."


def _trace(e):
    out = io.StringIO()
    sys.print_exception(e, out)
    return out.getvalue()


def _run_one(call, case):
    """Runs a test; how it went, and why."""
    try:
        if case is not None:
            case.setUp()
        try:
            result = call()
            if hasattr(result, "send"):
                _finish(result)
        finally:
            if case is not None:
                try:
                    case.tearDown()
                finally:
                    case.doCleanups()
    except SkipTest as e:
        return "skip", str(e)
    except _Expected as e:
        return "xfail", str(e)
    except _Unexpected as e:
        return "xpass", str(e)
    except AssertionError as e:
        return "fail", _trace(e)
    except BaseException as e:
        return "error", _trace(e)
    if case is not None and case._coil_failures:
        return "fail", "\n".join(case._coil_failures)
    return "ok", ""


def _is_case(what):
    return isinstance(what, type) and issubclass(what, TestCase) and what is not TestCase


class _Run:
    """The tests of a module, and whom to tell of them."""

    def __init__(self, tell, is_wanted, listing):
        self.tell = tell
        self.is_wanted = is_wanted
        self.listing = listing

    def one(self, name, call, case):
        self.tell(e="start", id=name)
        how, text = _run_one(call, case)
        self.tell(e="end", id=name, r=how, t=text)
        return how

    def cls(self, name, cls):
        names = [n for n in sorted(dir(cls)) if n.startswith("test") and callable(getattr(cls, n))]
        names = [n for n in names if self.is_wanted(name + "::" + n)]
        if self.listing:
            for n in names:
                self.tell(e="list", id=name + "::" + n)
            return
        if not names:
            return
        why = getattr(cls, "_coil_skip", None)
        if why is not None:
            for n in names:
                self.tell(e="start", id=name + "::" + n)
                self.tell(e="end", id=name + "::" + n, r="skip", t=why)
            return
        how, text = _run_one(cls.setUpClass, None)
        if how != "ok":
            for n in names:
                self.tell(e="start", id=name + "::" + n)
                self.tell(e="end", id=name + "::" + n, r=how if how == "skip" else "error", t=text)
            return
        for n in names:
            case = cls(n)
            self.one(name + "::" + n, getattr(case, n), case)
        how, text = _run_one(cls.tearDownClass, None)
        if how not in ("ok", "skip"):
            self.tell(e="start", id=name + "::tearDownClass")
            self.tell(e="end", id=name + "::tearDownClass", r="error", t=text)

    def module(self, module):
        for name in sorted(dir(module)):
            what = getattr(module, name)
            if _is_case(what):
                self.cls(name, what)
            elif name.startswith("test") and callable(what) and not isinstance(what, type):
                if not self.is_wanted(name):
                    continue
                if self.listing:
                    self.tell(e="list", id=name)
                else:
                    self.one(name, what, None)


def _board(name, nonce, path, patterns, listing):
    """What `coil test` calls."""

    def tell(**keywords):
        print("\x1e" + nonce + " " + json.dumps(keywords))

    def is_wanted(test):
        return not patterns or any([p in path + "::" + test for p in patterns])

    try:
        module = __import__(name)
        if not listing:
            getattr(module, "setUpModule", lambda: None)()
        _Run(tell, is_wanted, listing).module(module)
        if not listing:
            getattr(module, "tearDownModule", lambda: None)()
    except SkipTest as e:
        tell(e="skipped", t=str(e))
    except BaseException as e:
        tell(e="broken", t=_trace(e))
    tell(e="done")


def main(module="__main__", *args, **keywords):
    """Runs all tests of a module and prints how they went, where `coil test` does not do it."""
    count = {}

    def tell(e, id, r="", t=""):
        if e == "start":
            print(id, end=" ... ")
        else:
            print(r)
            count[r] = count.get(r, 0) + 1
            if r in ("fail", "error", "xpass"):
                print(t)

    if isinstance(module, str):
        module = __import__(module)
    _Run(tell, lambda test: True, False).module(module)
    print(", ".join(["{} {}".format(count[r], r) for r in sorted(count)]) or "no tests")
    if any([r in count for r in ("fail", "error", "xpass")]):
        sys.exit(1)

# finally with return, break, continue and further exceptions.
def f(n):
    try:
        print("try", n)
        if n == 1:
            return "ret"
        if n == 2:
            raise ValueError(n)
        if n == 3:
            raise KeyError(n)
    except ValueError as e:
        print("except", repr(e))
        return "handled"
    else:
        print("else")
    finally:
        print("finally")
        if n == 3:
            return "swallowed"
    return "end"
for n in range(4):
    print(f(n))
def g():
    for i in range(4):
        try:
            if i == 1:
                continue
            if i == 3:
                break
            print("i", i)
        finally:
            print("f", i)
            if i == 2:
                continue
    else:
        print("never")
    return i
print(g())
def h():
    try:
        return "try"
    finally:
        return "finally"
print(h())
def k():
    while True:
        try:
            return 1
        finally:
            break
    return 2
print(k())
def nested():
    try:
        try:
            raise ValueError("a")
        finally:
            print("inner finally")
            raise KeyError("b")
    except KeyError as e:
        print(repr(e))
        try:
            raise
        except KeyError as e2:
            print("again", e2 is e)
    finally:
        print("outer finally")
nested()
def value():
    x = 1
    try:
        return x
    finally:
        x = 2
print(value())
def loop():
    r = []
    for i in range(3):
        try:
            try:
                if i == 1:
                    raise ValueError
                r.append(i)
            except ValueError:
                r.append("e")
                continue
            finally:
                r.append("f")
        finally:
            r.append("g")
        r.append("end")
    return r
print(loop())
def gen():
    try:
        yield 1
        try:
            yield 2
        finally:
            yield "from finally"
    finally:
        print("gen finally")
print(list(gen()))
try:
    try:
        1 / 0
    except (ValueError, ZeroDivisionError) as e:
        print(type(e).__name__, e)
        raise TypeError("new")
except TypeError as e:
    print(repr(e))
try:
    raise
except RuntimeError as e:
    print(e)
for bad in (1, "x", None, int, object(), Exception):
    try:
        raise bad
    except BaseException as e:
        print(type(e).__name__, e)
for cls in (1, "x", None, (1,), (ValueError, 5)):
    try:
        try:
            raise KeyError("orig")
        except cls:
            print("matched")
    except BaseException as e:
        print(type(e).__name__, e)
try:
    try:
        raise ValueError
    except (KeyError, (ValueError,)):
        print("nested tuple")
except BaseException as e:
    print(type(e).__name__)

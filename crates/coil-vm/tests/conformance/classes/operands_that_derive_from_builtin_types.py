# An instance whose class derives from a built-in type: on the left its built-in part takes over,
# on the right it counts as itself unless it is asked for a number or a buffer.
bases = ((int, (5,)), (float, (2.0,)), (str, ("ab",)), (bytes, (b"ab",)), (list, ([1, 2],)), (tuple, ((1, 2),)), (dict, ({"a": 1},)), (set, ({1, 2},)), (Exception, ("e",)))
signs = "+ - * / // % ** << >> & | ^ @ < <= > >= == != in".split()
for base, args in bases:
    class Sub(base):
        pass
    class Plain(base):
        pass
    s, plain = Sub(*args), args[0]
    print("==", base.__name__)
    for sign in signs:
        for text in ("s %s plain", "plain %s s", "s %s s", "s %s 2", "2 %s s", "s %s 'x'", "'x' %s s"):
            try:
                print(eval(text % sign), end="; ")
            except Exception as e:
                print(type(e).__name__, e, end="; ")
        if sign not in "< <= > >= == != in".split():
            for right in ("plain", "2", "s"):
                if base is list and right == "s":
                    continue
                x = Sub(*args)
                try:
                    exec("x %s= %s" % (sign, right))
                    print(sign + "=", right, type(x).__name__, end="; ")
                except Exception as e:
                    print(type(e).__name__, e, end="; ")
        print()

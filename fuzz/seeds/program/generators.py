def g():
    try:
        x = yield 1
        while True:
            x = yield x
    except GeneratorExit:
        print('closed')
    finally:
        print('end')
h = g(); print(next(h), h.send(5))
try: print(h.throw(ValueError))
except ValueError as e: print(repr(e))
def k(): yield from g()
for i in k():
    if i != 1: break

def g(n):
    for i in range(n):
        x = yield i
        assert x is None
def h():
    r = yield from g(3)
    yield 'a'
    r = yield from g(2)
print(list(g(5)), tuple(h()), set(h()) == {0,1,2,'a'}, sum(g(10)), any(x>3 for x in g(6)), all(x<3 for x in g(6)))
it=g(6)
print(any(x==2 for x in it), next(it), sum(it))
it=(1<<x for x in range(58,66))
print(sum(it))
print(sum((x*0.5 for x in g(5)), 1))
try:
    print(sum(g2 for g2 in ['a']))
except TypeError as e: print(e)
def bad():
    yield 1
    yield 2
    raise ValueError('x')
for f in (list,tuple,set,sum,any,sorted):
    try: print(f, f(bad()))
    except ValueError as e: print(f, e)
def nested():
    yield sum(x for x in g(4))
    yield list(tuple(y for y in g(x)) for x in g(3))
    yield max(x for x in g(4))
print(list(nested()))
class H:
    def __hash__(self): print('h'); return 3
    def __eq__(self,o): return False
print(len(set(H() for i in range(3))))
l=[1]
def ch():
    yield 5
    l.clear()
    yield 6
l.extend(ch()); print(l)
def stop():
    yield 1
    raise StopIteration
try: print(tuple(stop()))
except RuntimeError as e: print(e)
print(','.join(str(x) for x in g(20)))
def fin():
    try:
        yield 0
        yield 1
        yield 2
    finally: print('fin')
x=fin()
print(any(x)); x.close()
def self_():
    try: 
        next(me)
    except ValueError as e: print(e)
    yield 1
me=self_()
print(list(me))
print(len(set(i%300 for i in range(3000))), len(list(x for x in range(5000))))

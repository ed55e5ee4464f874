# What the compiler refuses, with its texts.
cases = """return 1
yield 1
def f():\n  break
continue
def f():\n  nonlocal x
nonlocal x
def f():\n  x = 1\n  global x
def f():\n  x = 1\n  def g():\n    x = 2\n    nonlocal x
def f(a, a): pass
def f(*, a, a): pass
def f(a=1, b): pass
def f(*): pass
def f(**k, a): pass
def f(*a, *b): pass
f(**k, *a)
f(a=1, 2)
f(a=1, a=2)
lambda *: 1
class C(: pass
x = (1
x = 1)
if x
if x:
  y
 z
\tx
a b
1 2
'abc
"abc
'''abc
1__0
1_
1e
1.2.3
$
a?
a!
!x
x = = 1
x == = 1
async x
await x
async def f(): yield from x
def f():\n  await x
try:\n  x
try:\n  x\nexcept:\n  y\nexcept A:\n  z
try:\n  x\nelse:\n  y
with x
import
import a.
from x import
from . import (
from x import *, y
def f():\n  from x import *
for x: pass
while: pass
assert
del
del x,
raise x from
lambda x
{1:2, 3}
{1, 2:3}
{**a, 1}
[*a for a in b]
x if y
not
x not y
x is is y
@
@x
@x\ny
print(*)
f'{'
f'{}'
f'{x!z}'
'\\x1'
'\\u12'
'\\N{x}'
'\\U00110000'
def f():\n\treturn 1\n        return 2
class C:\n  return 1
class C:\n  yield 1
*a
*a, = 1
print(x := 1, y)
x := 1
(x := 1) = 2
def f(x := 1): pass
f(x := 1, y=2)
f(a:=1)
x: int: str
1: int
def f(x: int = 1, *a: str, **k: bytes) -> None: pass
def f() -> : pass
if 1:\n  pass\n else:\n  pass
;
x;;
x = yield
const X = 1
""".split("\n")
for c in cases:
    c = c.replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\")
    try:
        compile(c, "f", "exec")
        print(repr(c), "ok")
    except SyntaxError as e:
        print(repr(c), "|", type(e).__name__, e)
    except NotImplementedError as e:
        print(repr(c), "|", type(e).__name__, e)

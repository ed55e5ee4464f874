import a.b as c, sys
from ..d import (e as f, g,)
from . import *
global c
assert (n := len('x')) > 0x1f, n
if 1: pass; x = 2

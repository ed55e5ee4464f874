# The chip's sizes: a long has four bytes.
from array import array
print([(code, memoryview(array(code)).itemsize) for code in 'bBhHiIlLqQfd'], memoryview(b'').itemsize)

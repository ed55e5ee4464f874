# `__build_class__` takes any function for the body of a class.
def body():
    global ran
    ran = True


ran = False
A = __build_class__(body, 'A')
print(A, ran, isinstance(A(), A))
B = __build_class__(lambda: None, 'B', A)
print(B, isinstance(B(), A))
for args in ((lambda x: x, 'C'), (1, 'C'), (len, 'C')):
    try:
        print(__build_class__(*args))
    except TypeError:
        print('TypeError')
try:
    __build_class__(lambda: 1 / 0, 'D')
except ZeroDivisionError:
    print('ZeroDivisionError')

# Functions of the firmware print without a name; starred arguments have places for thirty.
print(len, int.to_bytes, str.join)
def f(*a):
    return len(a)
for n in (28, 29, 70):
    try:
        print(n, eval('f(' + '0, ' * n + '*(1, 2))'))
    except SyntaxError as e:
        print(n, 'SyntaxError', e)
print(f(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29,
    30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59,
    60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70))
const_a = (1, 'x', (2.5, None, True, ...))
const_b = (1, 'x', (2.5, None, True, ...))
print(const_a is const_b, (1, 2) is (1, 2), (1, 2) is (1, 3), 1e100 is 1e100)

# What conversions, indices and built-in functions make of instances that derive from numbers and lists.
class I(int): pass
class F(float): pass
class L(list): pass
for s in ("float(I(3))", "float(F(2.5))", "'%f' % F(2.5)", "int(I(3))", "int(F(2.5))", "round(F(2.5))", "range(I(3))", "[1,2,3,4][I(2)]", "'%d' % I(3)", "'{:d}'.format(I(3))", "'{}'.format(I(3))", "str(I(3))", "repr(F(2.5))", "[0] * I(2)", "'a' * I(2)", "bool(I(0))", "bool(L())", "len(L([1]))", "abs(I(-3))", "-I(3)", "I(3) == 3", "3 == I(3)", "I(3) in [3]", "{I(3): 1}[3]", "sorted(L([2, 1]))", "L([1]) == [1]", "[1] == L([1])", "sum(L([1, 2]))", "divmod(I(7), 2)", "pow(I(2), 3)", "chr(I(65))", "hex(I(255))", "isinstance(I(3), int)", "max(I(3), 2)", "complex(F(1.5))", "list(L([1]))", "L([1]) + [2]", "tuple(L([1]))", "I(3).to_bytes(2, 'big')", "bytes([I(3)])", "I('12')"):
    try: print(s, eval(s))
    except Exception as e: print(s, type(e).__name__, e)

# Truth and inequality of instances that derive from built-in types.
class L(list):
    def __len__(self):
        print("len", end=" ")
        return 0
    def __eq__(self, o):
        print("eq", end=" ")
        return True
class D(dict):
    def __bool__(self):
        print("bool", end=" ")
        return False
    def __ne__(self, o):
        print("ne", end=" ")
        return "different"
class P:
    def __len__(self):
        print("len", end=" ")
        return None
    def __eq__(self, o):
        print("eq", end=" ")
        return False
for t in ("bool(L([1]))", "not L()", "len(L([1]))", "L([1]) == 5", "L([1]) != [1]", "L([1]) != 5", "bool(D(a=1))", "D() != {}", "D() == {}", "P() and 1", "P() != 1", "P() == 1", "any([L([1])])", "L([1]) or 2", "5 if L() else 6"):
    try:
        print(t, eval(t))
    except Exception as e:
        print(t, type(e).__name__, e)

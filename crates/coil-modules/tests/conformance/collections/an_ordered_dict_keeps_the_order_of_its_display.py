# OrderedDict({...}) takes its entries one by one, in the order of the source.
from collections import OrderedDict
TEXT = r'''
OrderedDict({"z": 1, "a": 2, "m": 3}), list(OrderedDict({5: 1, 3: 2, 1: 0})), OrderedDict({}), OrderedDict({"z": 1, "a": 2})["a"], OrderedDict({"z": 1, "z": 2})
OrderedDict({"z": 1, "a": OrderedDict({"y": 1, "x": 2})}).popitem()
(lambda: OrderedDict({"q": 1, "b": 2, "a": 3}))()
OrderedDict({"z": 1, "a": 2}) == OrderedDict({"a": 2, "z": 1}), OrderedDict({"z": 1, "a": 2}) == {"a": 2, "z": 1}, {"a": 1} == OrderedDict({"a": 1})
OrderedDict({[]: 1})
OrderedDict({1 / 0: undefined})
OrderedDict({"a": undefined})
d = OrderedDict({
    "second": 2,
    "first": 1})
print(d, len(d), d.popitem())
'''
for e in TEXT.strip().split("\n"):
    try:
        print(e, "->", eval(e))
    except Exception as x:
        print(e, "|", type(x).__name__, x)

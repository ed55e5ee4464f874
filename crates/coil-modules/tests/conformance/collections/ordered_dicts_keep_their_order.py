from collections import OrderedDict
d = OrderedDict([("z", 1), ("a", 2)])
d["m"] = 3
d["z"] = 0
print(d, list(d), list(d.values()))
del d["a"]
d["a"] = 9
print(d.popitem(), d, len(d), "m" in d)
print(d == OrderedDict([("m", 3), ("z", 0)]), d == {"m": 3, "z": 0}, isinstance(d, dict))
print(OrderedDict(b=1), OrderedDict(), d.get("nope"), sorted(OrderedDict.fromkeys("ba")))

import json
for v in (None, True, False, 0, -5, 1 << 70, "a", "q\"\\\n\r\t\x01", b"by", [], [1, [2]], (), (1, (2,)), {}, {"a": [1, {"b": None}]}, {1: 2}, {None: 1, True: 2}, 1.5):
    print(json.dumps(v))
print(json.dumps([1, {"a": 2}], separators=(",", ":")), json.dumps({"a": 1, }, separators=("; ", "= ")))
class A:
    def __repr__(self):
        return "<A>"
class D(dict):
    pass
class L(list):
    pass
print(json.dumps([A()]), json.dumps(D(a=1)), json.dumps(L([1, "x"])))
for bad in (lambda: json.dumps(), lambda: json.dumps(1, separators=(1,)), lambda: json.dumps(1, separators=1), lambda: json.dumps(1, nope=1), lambda: json.dump(1, 2)):
    try:
        bad()
    except Exception as e:
        print(type(e).__name__)

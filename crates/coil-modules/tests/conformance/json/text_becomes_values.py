import json
for s in ("null", "true", " false ", "0", "-12", "1.5", "2e3", "-1E-2", '"a"', '""', '"\\u0041\\n\\"\\/\\b\\f"', "[]", "{}", "[1, 2,3]", '{"a": {"b": [null, true]}}',
          "[1 2]", '{"a" 1}', "{]", "[}", "[,,1::2]", '{"a": 1, "a": 2}', "123456789012345678901234567890", " [ ] \n", b'{"b": 1}', '[[[[[[1]]]]]]', '{1: 2}', '{null: 1}'):
    print(repr(s), repr(json.loads(s)))
for s in ("", " ", "nul", "tru", "falsy", "[", "[1", '{"a"', '{"a":', '"abc', "]", "}", "1 2", "[] []", "a", "'a'", "[1]x", '{{}: 1}', '{[]: 1}', "\\", "\x00"):
    try:
        print(repr(s), repr(json.loads(s)))
    except ValueError as e:
        print(repr(s), "ValueError", e)
print(json.loads('"\\u00e9"') == "\xe9")
for bad in ("-", "1-2", None, 1, [], object()):
    try:
        json.loads(bad)
    except (TypeError, ValueError) as e:
        print(type(e).__name__)

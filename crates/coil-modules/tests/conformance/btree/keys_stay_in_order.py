import btree, io, errno


def lcg(n):
    return (n * 1103515245 + 12345) & 0x3FFFFFFF


# Many keys in any order, with values of any length, against a dict.
f = io.BytesIO()
db = btree.open(f, pagesize=512)
model = {}
n = 1
for i in range(400):
    n = lcg(n)
    key = b"k%03d" % (n >> 8 & 127)
    n = lcg(n)
    if n >> 16 & 3 == 0:
        try:
            del db[key]
            del model[key]
        except KeyError:
            assert key not in model
    else:
        value = bytes([n >> 10 & 255]) * (n >> 7 & 0x7F)
        if n >> 20 & 15 == 0:
            value *= 9
        db[key] = value
        model[key] = value
assert [k for k in db] == sorted(model)
assert list(db.items(None, None, btree.DESC)) == sorted(model.items())[::-1]
assert all(db.get(k) == v and k in db for k, v in model.items())
print(len(model), sum(len(v) for v in model.values()))

# What a database leaves in its stream is found there again.
print(db.flush(), db.close(), db.close())
f.seek(0)
db = btree.open(f)
assert list(db.items()) == sorted(model.items())
for k in sorted(model):
    del db[k]
print(list(db), db.get(b"k001"), db.get(b"k001", 5))
db.close()

# Long keys, of which few fit a page.
f.seek(0)
db = btree.open(f)
keys = sorted(bytes([65 + i * 7 % 26]) * (5 * i) + b"!" for i in range(40))
for k in keys:
    db[k] = k[:3]
assert list(db.keys()) == keys
for k in keys[::2]:
    del db[k]
assert list(db.keys()) == keys[1::2] and list(db.values()) == [k[:3] for k in keys[1::2]]
assert [k for k in keys if k in db] == keys[1::2]
db.close()

# The cursor.
db = btree.open(io.BytesIO())
for k in (b"b", b"d", b"f"):
    db[k] = k.upper()
for how in ((7,), (7,), (9,), (1, b"c"), (7,), (7,), (9,), (3,), (6,), (1, b"g"), (1, b"")):
    try:
        print(how, db.seq(*how))
    except OSError as e:
        print(how, e.errno == errno.EINVAL)
for how in ((2,), (8, b"a"), (0,), ("x",)):
    try:
        print(db.seq(*how))
    except OSError as e:
        print(e.errno == errno.EINVAL)
db.seq(1, b"d")
del db[b"d"]
print(db.seq(7), db.seq(9), db.seq(9))

# Ranges.
for k in range(ord("a"), ord("k")):
    db[chr(k)] = str(k)
for flags in (0, btree.INCL, btree.DESC, btree.DESC | btree.INCL):
    print(flags, list(db.keys(None, b"e", flags)), list(db.keys("c", b"g", flags)), list(db.keys("bb", "h", flags)))
print(list(db.values("h")), list(db.items("zz")), next(iter(db)))
k = db.keys("c")
print(k is db, list(db), list(db))

# What cannot be.
for f in (lambda: db[1], lambda: db.put(b"a", None), lambda: db.__setitem__(b"a", 3), lambda: db[b"nope"], lambda: 1 in db, lambda: db + db, lambda: len(db), lambda: btree.open(3)):
    try:
        print(f())
    except Exception as e:
        print(type(e))
for options in ({"pagesize": 513}, {"pagesize": 100}, {"minkeypage": 1}, {"flags": 4}):
    try:
        btree.open(io.BytesIO(), **options)
    except OSError as e:
        print(options, e.errno == errno.EINVAL)
for content in (b"x", b"x" * 600, bytes(600)):
    try:
        btree.open(io.BytesIO(content))
    except OSError as e:
        print(e.errno)

# Keys for devices. Whoever knows a device's name can work out its key: fine for a workshop only.
import hashlib

devs = ["device0" + str(i) for i in range(0, 10)]
hashes = [hashlib.md5(d.encode("utf-8")).hexdigest() for d in devs]
db = dict([(devs[i], hashes[i]) for i in range(0, len(devs))])
for d, h in db.items():
    print(d, h)

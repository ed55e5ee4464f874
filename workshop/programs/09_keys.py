# Keys for devices. Whoever knows a device's name can work out its key: fine for a workshop only.
import binascii
import hashlib

devices = ["device0" + str(i) for i in range(0, 10)]
keys = [binascii.hexlify(hashlib.md5(d.encode("utf-8")).digest()).decode() for d in devices]
table = dict([(devices[i], keys[i]) for i in range(0, len(devices))])
for device, key in table.items():
    print(device, key)

# Memory before and after collecting.
import gc

print("free %.2f kB" % (gc.mem_free() / 1024))
gc.collect()
print("free %.2f kB" % (gc.mem_free() / 1024))

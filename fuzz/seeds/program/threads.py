import micropython, time, select, io, heapq, random, gc
micropython.schedule(print, 1)
time.sleep(1); gc.collect()
micropython.heap_lock()
try: [0] * 9
except MemoryError as e: print(e)
micropython.heap_unlock()
h = []
for i in range(9): heapq.heappush(h, random.getrandbits(4))
print(len(h), exec('1 + 1'), eval('[i for i in (1, 2)]'))

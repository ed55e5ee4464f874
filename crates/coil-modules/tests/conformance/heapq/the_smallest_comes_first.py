import heapq
h = []
for x in (5, 3, 8, 1, 9, 2, 7, 3):
    heapq.heappush(h, x)
print(h)
print([heapq.heappop(h) for _ in range(len(h))])
h = [(i * 37 % 11, str(i)) for i in range(11)]
heapq.heapify(h)
print(h, heapq.heappop(h), h)
for bad in (lambda: heapq.heappop([]), lambda: heapq.heappush((), 1), lambda: heapq.heapify(None), lambda: heapq.heapify([1, "a", 2])):
    try:
        bad()
    except Exception as e:
        print(type(e).__name__, e)

# Counting in dicts.
def count(n):
    seen = {}
    for i in range(n):
        key = i * i % 1009
        seen[key] = seen.get(key, 0) + 1
    return len(seen), sum(seen.values())


print(count(400000))

# Building, splitting and joining text.
def words(n):
    parts = []
    for i in range(n):
        parts.append("word%d" % (i % 97))
    text = " ".join(parts)
    total = 0
    for w in text.split():
        if w.startswith("word1"):
            total += len(w.upper().replace("WORD", ""))
    return total


print(sum(words(2000) for _ in range(30)))

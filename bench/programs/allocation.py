# Short-lived objects among long-lived ones.
def run(n):
    kept = []
    for i in range(n):
        pair = (i, [i, i + 1])
        if i % 100 == 0:
            kept.append(pair)
        if len(kept) > 200:
            kept = kept[100:]
    return len(kept), kept[-1][1][1]


print(run(300000))

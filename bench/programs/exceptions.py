# Raising and catching.
def parse(text):
    try:
        return int(text)
    except ValueError:
        return -1


def run(n):
    good = bad = 0
    for i in range(n):
        if parse("12" if i % 3 else "x") < 0:
            bad += 1
        else:
            good += 1
    return good, bad


print(run(60000))

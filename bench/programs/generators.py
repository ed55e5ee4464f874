# Generators feeding each other.
def numbers(n):
    for i in range(n):
        yield i


def odd(source):
    for i in source:
        if i & 1:
            yield i


def chained(n):
    yield from odd(numbers(n))


print(sum(chained(300000)))

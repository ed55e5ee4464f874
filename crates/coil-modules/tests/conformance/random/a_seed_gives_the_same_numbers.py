import random
for seed in (0, 1, 123456789, -1, 1 << 40):
    random.seed(seed)
    print([random.getrandbits(32) for _ in range(4)], random.getrandbits(1), random.getrandbits(0))
    print([random.randrange(n) for n in range(1, 30)], [random.randint(-3, 3) for _ in range(10)])
    print(random.choice("abcdef"), random.choice([1, 2, 3]), random.randrange(10, 20), random.randrange(0, 100, 7), random.randrange(5, -5, -2))
    print(random.random(), random.uniform(-1, 5))
for bad in (lambda: random.randrange(0), lambda: random.randrange(5, 5), lambda: random.randrange(1, 5, 0), lambda: random.randint(2, 1), lambda: random.choice([]),
            lambda: random.getrandbits(33), lambda: random.getrandbits(-1), lambda: random.randrange("a"), lambda: random.choice(5)):
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__, e)

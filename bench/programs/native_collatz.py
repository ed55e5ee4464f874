# Branches and divisions of machine code, in ints of the language and of 32 bits.
@micropython.native
def collatz(limit):
    steps = 0
    for start in range(1, limit):
        n = start
        while n != 1:
            if n & 1:
                n = 3 * n + 1
            else:
                n = n // 2
            steps += 1
    return steps


@micropython.viper
def collatz_short(limit: int) -> int:
    steps = 0
    for start in range(1, limit):
        n = start
        while n != 1:
            if n & 1:
                n = 3 * n + 1
            else:
                n = n >> 1
            steps += 1
    return steps


print(collatz(10000), collatz_short(10000))

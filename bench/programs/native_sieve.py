# Loops of machine code over a bytearray: by items, and through an address.
@micropython.native
def sieve(flags):
    n = len(flags)
    for i in range(n):
        flags[i] = 1
    i = 2
    while i * i < n:
        if flags[i]:
            j = i * i
            while j < n:
                flags[j] = 0
                j += i
        i += 1
    count = 0
    for i in range(2, n):
        count += flags[i]
    return count


@micropython.viper
def sieve_at(flags) -> int:
    n = int(len(flags))
    p = ptr8(flags)
    for i in range(n):
        p[i] = 1
    i = 2
    while i * i < n:
        if p[i]:
            j = i * i
            while j < n:
                p[j] = 0
                j += i
        i += 1
    count = 0
    for i in range(2, n):
        count += p[i]
    return count


buffer = bytearray(20000)
for _ in range(20):
    primes = sieve(buffer), sieve_at(buffer)
print(primes)

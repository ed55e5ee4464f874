# Results that could never fit the heap are refused before they are computed.
for f in (lambda: 1 << (1 << 40), lambda: 7 ** (1 << 40), lambda: 'ab' * (1 << 40), lambda: b'ab' * (1 << 40), lambda: bytearray(1 << 40),
          lambda: bytes(1 << 40), lambda: 'a'.center(1 << 40), lambda: '%1000000000d' % 1, lambda: '{:1000000000}'.format(1), lambda: (1).to_bytes(1 << 40, 'big')):
    try:
        print(len(f()))
    except Exception as e:
        print(type(e).__name__)

# firmware: 1.11 1.19.1
#### board
for name in ('espnow', '_espnow', 'aioespnow'):
    try:
        __import__(name)
    except ImportError as e:
        print(repr(e))

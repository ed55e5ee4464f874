a = []
try:
    while True: a.append(bytearray(500))
except MemoryError:
    n = len(a); a = None
    print('full')
def r(): r()
try: r()
except RuntimeError as e: print(e)
while True:
    try: pass
    except: pass

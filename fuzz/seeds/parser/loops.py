for i in range(10, 0, -3):
    if i < 3 <= 7 or not i is None:
        continue
    else:
        break
else:
    pass
while i:
    i -= 1
    try:
        with open('x') as f, f: break
    finally:
        print(i)

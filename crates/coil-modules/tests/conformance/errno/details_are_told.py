for e in (OSError(5), OSError(5, "details"), OSError(9999), OSError(9999, "x"), OSError("a", "b"), OSError(), OSError(5, 6, 7)):
    print(str(e), repr(e), e.errno)

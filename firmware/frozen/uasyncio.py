# The name that asyncio had first.
def __getattr__(name):
    import asyncio

    return getattr(asyncio, name)

from machine import RTC


def attempt(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except Exception as e:
        print(repr(e))


r = RTC()
r.datetime((2026, 8, 29, 0, 12, 34, 56, 7))
print(r.datetime()[:7])
# Here the hour stands where the other has the weekday.
r.init((2026, 8, 29, 12, 34, 56, 0, 7))
print(r.datetime()[:7])
attempt(RTC, 0)
attempt(r.init, (2026, 8, 29))
attempt(r.datetime, [1] * 9)
attempt(r.datetime, "2026")
attempt(r.datetime, (2026, "x", 1, 0, 0, 0, 0, 0))
attempt(r.memory, bytes(2049))
attempt(r.memory, "text")
print(r.memory())

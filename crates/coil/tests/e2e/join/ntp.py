"""ntplib's client and the workshop's time."""

import ntplib

answer = ntplib.NTPClient().request("pool.ntp.org", version=3, timeout=10)
print(answer.stratum, answer.mode, answer.version, answer.leap, abs(answer.offset) < 2, answer.delay < 1)

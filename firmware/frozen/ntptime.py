# The time from a time server.
import socket
from time import gmtime

host = "pool.ntp.org"
timeout = 1


# Seconds since the epoch of this board, UTC.
def time():
    query = bytearray(48)
    query[0] = 0x1B
    addr = socket.getaddrinfo(host, 123)[0][-1]
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        s.settimeout(timeout)
        s.sendto(query, addr)
        msg = s.recv(48)
    finally:
        s.close()
    val = 0
    for b in msg[40:44]:
        val = val << 8 | b
    # Seconds wrap in 2036; whatever lies before 2018 is meant for the next era.
    if val < 3730000000:
        val += 0x100000000
    # From 1900 to 2000.
    return val - 3155673600


def settime():
    t = time()
    import machine

    tm = gmtime(t)
    machine.RTC().datetime((tm[0], tm[1], tm[2], tm[6] + 1, tm[3], tm[4], tm[5], 0))

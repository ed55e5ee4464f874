# The time from a time server.
import socket
import struct

# Seconds from 1900 to 2000.
NTP_DELTA = 3155673600

host = "pool.ntp.org"


# Seconds since 2000, UTC.
def time():
    query = bytearray(48)
    query[0] = 0x1B
    addr = socket.getaddrinfo(host, 123)[0][-1]
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.settimeout(1)
    s.sendto(query, addr)
    msg = s.recv(48)
    s.close()
    return struct.unpack("!I", msg[40:44])[0] - NTP_DELTA


def settime():
    import machine
    import utime

    tm = utime.localtime(time())
    machine.RTC().datetime(tm[0:3] + (0,) + tm[3:6] + (0,))

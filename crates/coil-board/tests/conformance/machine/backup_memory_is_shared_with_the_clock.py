import machine

rtc = machine.RTC()
print(rtc.memory())
m = machine.mem_backup()
print(type(m), len(m), m.itemsize, bytes(m[:4]), len(machine.mem_backup(-1)))
rtc.memory(b"hello")
print(bytes(m[:6]))
m[0] = ord("J")
m[2047] = 255
print(rtc.memory(), machine.mem_backup(0)[2047])
for bad in (1, -2):
    try:
        machine.mem_backup(bad)
    except ValueError as e:
        print(e)
try:
    rtc.memory(bytes(2049))
except ValueError as e:
    print(e)

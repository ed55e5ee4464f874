import esp
from esp32 import Partition, ULP


def attempt(f, *args, **kwargs):
    try:
        print(f(*args, **kwargs))
    except Exception as e:
        print(repr(e))


print(esp.flash_size(), hex(esp.flash_user_start()))
at = Partition("phy_init").info()[2]
b = bytearray(4)
esp.flash_erase(at // 4096)
esp.flash_read(at, b)
print(b)
esp.flash_write(at + 1, b"\x0f")
esp.flash_write(at + 1, b"\xf1")
esp.flash_read(at, b)
print(b)
for f, args in (
    (esp.flash_read, (esp.flash_size(), b)), (esp.flash_read, (-1, b)), (esp.flash_read, (0, bytes(4))), (esp.flash_read, (0, 4)), (esp.flash_write, (esp.flash_size() - 1, b"ab")),
    (esp.flash_erase, (1024,)), (esp.flash_erase, (-1,)), (esp.flash_erase, ("x",)), (esp.flash_size, (1,)), (esp.osdebug, ()), (esp.osdebug, (None,)),
    (esp.osdebug, (0, esp.LOG_INFO)), (esp.osdebug, (0, "x")), (esp.gpio_matrix_out, (2, 256, 0)), (esp.gpio_matrix_out, (2, 256, 0, 0)), (esp.gpio_matrix_in, (2, 9, 0)),
):
    attempt(f, *args)
print(esp.LOG_NONE, esp.LOG_ERROR, esp.LOG_WARNING, esp.LOG_INFO, esp.LOG_DEBUG, esp.LOG_VERBOSE)
import flashbdev

print(flashbdev.bdev.info()[4])

u = ULP()
attempt(ULP, 1)
print(ULP.RESERVE_MEM, u.set_wakeup_period(0, 1000))
attempt(u.set_wakeup_period, 5, 1000)
attempt(u.load_binary, 0, b"ulp\0")
attempt(u.load_binary, 0, bytes(16))
attempt(u.load_binary, 600, b"ulp\0" + bytes(12))
attempt(u.load_binary, 508, b"ulp\0" + bytes(12))
attempt(u.load_binary, 0, b"ulp\0" + bytes(12))
attempt(u.run, 0)

# once: the heap of the other run is larger
import sys, os, machine, gc, esp

print(sys.version)
print(sys.implementation)
print(os.uname())
print(sys.path)
print(machine.freq(), machine.reset_cause() == machine.PWRON_RESET)
print(esp.flash_user_start())
gc.collect()
print(gc.mem_free() + gc.mem_alloc())

# General board control: the clock of the CPU, the flash, memory beside Python's, who the board is.
import machine
import esp
import esp32

print(machine.freq() // 1_000_000, "MHz")
machine.freq(240_000_000)
print(machine.freq() // 1_000_000, "MHz")
print(esp.flash_size() // 1024 // 1024, "MB of flash, files from", hex(esp.flash_user_start()))
print(len(machine.unique_id()), "bytes of address")
print("degrees Fahrenheit inside:", esp32.raw_temperature())
regions = esp32.idf_heap_info(esp32.HEAP_DATA)
print("regions of", len(regions[0]), "figures:", all(free <= total for total, free, _, _ in regions))

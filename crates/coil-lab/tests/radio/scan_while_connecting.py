#### board
import network
w = network.WLAN()
w.active(True)
w.connect('workshop', 'micropython')
print(w.scan())

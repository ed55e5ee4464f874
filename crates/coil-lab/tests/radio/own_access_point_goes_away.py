#### host
import network, time, machine
ap = network.WLAN(network.WLAN.IF_AP)
ap.active(True)
time.sleep(5)
ap.active(False)
time.sleep(1)
ap.active(True)
time.sleep(9)
# Stations do not miss a few beacons.
machine.lightsleep(3000)
time.sleep(2)
ap.config(ssid='other')
time.sleep(1)
ap.config(ssid='ESP_000002')
time.sleep(9)
machine.lightsleep(12000)
time.sleep(12)
machine.deepsleep(1000)
#### guest
import network, time
w = network.WLAN()
w.active(True)
time.sleep(1)
w.connect('ESP_000002')
start, before = time.ticks_ms(), None
while time.ticks_ms() - start < 70000:
    now = w.isconnected(), w.status()
    if now != before:
        print((time.ticks_ms() - start) // 100 / 10, *now)
        before = now
    time.sleep_ms(50)

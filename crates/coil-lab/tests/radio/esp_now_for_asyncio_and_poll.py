#### echo
import aioespnow, asyncio, network
network.WLAN().active(True)
e = aioespnow.AIOESPNow()
e.active(True)
ticks = []

async def tick():
    while True:
        ticks.append(0)
        await asyncio.sleep_ms(100)

async def main():
    asyncio.create_task(tick())
    async for mac, msg in e:
        msg = bytes(msg)
        try:
            await e.asend(mac, msg + b'!')
        except OSError as x:
            print(x.args[1])
            e.add_peer(mac)
            print(await e.asend(mac, msg + b'!'))
        if msg == b'end':
            break
    print('ticks', 15 < len(ticks) < 30)

asyncio.run(main())
#### caller
import espnow, network, select, time
network.WLAN().active(True)
e = espnow.ESPNow()
e.active(True)
peer = b'\x24\x0a\xc4\x00\x00\x01'
e.add_peer(peer)
p = select.poll()
p.register(e, select.POLLIN)
time.sleep(2)
print(len(p.poll(100)))
for msg in (b'hello', b'end'):
    e.send(peer, msg)
    print(len(p.poll(1000)), e.recv())

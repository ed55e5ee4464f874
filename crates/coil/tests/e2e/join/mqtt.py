"""A broker and clients of Mosquitto, and a board with umqtt. Told: mpremote, the board's port."""

import socket
import subprocess
import sys
import tempfile
import time

MPREMOTE, TTY = sys.argv[1:]
with tempfile.NamedTemporaryFile("w", suffix=".conf") as settings:
    settings.write("listener 1883 0.0.0.0\nallow_anonymous true\nuser root\n")
    settings.flush()
    broker = subprocess.Popen(["mosquitto", "-c", settings.name], stderr=subprocess.DEVNULL)
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", 1883)).close()
            break
        except ConnectionRefusedError:
            time.sleep(0.05)


def board(source):
    done = subprocess.run(
        [MPREMOTE, "connect", TTY, "resume", "exec", source], capture_output=True, text=True, timeout=50
    )
    return (done.stdout + done.stderr).strip()


def say(topic, words, *more):
    subprocess.run(["mosquitto_pub", "-t", topic, "-m", words, *more], check=True, timeout=10)


board(
    """
import network, time
w = network.WLAN(network.STA_IF)
while not w.isconnected(): time.sleep_ms(20)
"""
)
hears = subprocess.Popen(
    ["mosquitto_sub", "-v", "-C", "3", "-W", "40", "-t", "from/#", "-q", "1"], stdout=subprocess.PIPE, text=True
)
say("to/kept", "kept for later", "-r", "-q", "1")
time.sleep(0.5)
print(
    board(
        """
from umqtt.simple import MQTTClient
c = MQTTClient('plain', 'guest0.workshop', keepalive=30)
c.set_callback(lambda topic, words: print(topic, words))
c.set_last_will(b'from/plain/gone', b'without a word')
c.connect()
c.subscribe(b'to/#', 1)
c.wait_msg()
c.publish(b'from/plain', b'at least once', qos=1)
print(c.sock.close())
"""
    )
)
print(
    board(
        """
from umqtt.robust import MQTTClient
c = MQTTClient('robust', 'guest0.workshop')
c.set_callback(lambda topic, words: print(topic, words))
print(c.connect(clean_session=False))
c.subscribe(b'to/robust')
c.publish(b'from/robust', b'x' * 2000)
"""
    )
)
say("to/robust", "said meanwhile")
print(board("c.wait_msg()"))
said, _ = hears.communicate(timeout=50)
print(*[line[:40] for line in said.splitlines()], sep="\n")
broker.terminate()
broker.wait(10)

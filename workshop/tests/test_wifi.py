# The board's own way into the network, on a board.
# files: ../board
import time
import unittest

import config
import network
import wifi_and_ntp


class Connecting(unittest.TestCase):
    def setUp(self):
        self.wlan = network.WLAN(network.STA_IF)

    def tearDown(self):
        self.wlan.disconnect()
        self.wlan.active(False)
        config.SSID = "workshop"

    def test_it_gets_an_address_and_the_time(self):
        self.assertTrue(wifi_and_ntp.connect())
        self.assertTrue(self.wlan.isconnected())
        self.assertEqual(time.localtime()[0], 2026)

    def test_a_network_that_is_not_there_is_given_up(self):
        config.SSID = "nowhere"
        start = time.time()
        self.assertFalse(wifi_and_ntp.connect(timeout=5))
        self.assertGreaterEqual(time.time() - start, 5)


def test_a_long_sleep_takes_as_long_as_it_says():
    start = time.ticks_ms()
    time.sleep(40)
    assert time.ticks_diff(time.ticks_ms(), start) >= 40000

# This file is executed on every boot.
import wifi_and_ntp

wifi_and_ntp.connect()

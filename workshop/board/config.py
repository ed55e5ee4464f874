# The network of the workshop. Change it here when the classroom's is another one.
SSID = "workshop"
PASSWORD = "micropython"

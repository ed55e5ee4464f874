"""WiFi."""
from typing import Any


class WLAN:
    """WiFi: as a station that joins a network, or as an access point of its own."""
    IF_STA: int
    """The station: the board joins a network."""
    IF_AP: int
    """The access point: others join the board."""
    SEC_OPEN: int
    """Security: none."""
    SEC_WEP: int
    """Security: WEP."""
    SEC_WPA: int
    """Security: WPA."""
    SEC_WPA2: int
    """Security: WPA2."""
    SEC_WPA_WPA2: int
    """Security: WPA or WPA2."""
    SEC_WPA3: int
    """Security: WPA3."""
    SEC_WPA2_WPA3: int
    """Security: WPA2 or WPA3."""
    PM_NONE: int
    """Power management: none, answers come quickest."""
    PM_PERFORMANCE: int
    """Power management: some."""
    PM_POWERSAVE: int
    """Power management: as much as possible."""
    def __init__(self, interface_id: int = 0) -> None:
        """The interface WLAN.IF_STA or WLAN.IF_AP; switch it on with active(True)."""
    def active(self, on: bool = ...) -> bool:
        """Whether the interface is on; with an argument it is switched."""
    def connect(self, ssid: str = ..., key: str | None = None, /, *, bssid: bytes | None = None) -> None:
        """Begins to join the network of this name with its password; isconnected() says when it is done."""
    def disconnect(self) -> None:
        """Leaves the network."""
    def isconnected(self) -> bool:
        """Whether there is a connection with an address; of an access point, whether anybody is connected."""
    def scan(self) -> list[tuple[bytes, bytes, int, int, int, bool]]:
        """The networks around: name, hardware address, channel, strength in dBm, security, hidden."""
    def status(self, what: str = ...) -> Any:
        """How far joining is, such as network.STAT_GOT_IP; 'rssi' gives the strength in dBm, 'stations' who is connected."""
    def config(self, param: str = ..., /, *, mac: bytes = ..., ssid: str = ..., hidden: bool = ..., security: int = ..., key: str = ..., channel: int = ..., hostname: str = ..., reconnects: int = ..., txpower: float = ..., pm: int = ..., max_clients: int = ..., protocol: int = ..., bandwidth: int = ...) -> Any:
        """Gives a setting by its name, such as config('mac'), or sets some by name."""
    def ifconfig(self, addresses: tuple[str, str, str, str] = ...) -> tuple[str, str, str, str]:
        """Address, mask, gateway and DNS server; with an argument they are set, 'dhcp' asks for them."""
    def ipconfig(self, param: str = ..., /, *, addr4: str = ..., gw4: str = ..., dhcp4: bool = ...) -> Any:
        """Gives a setting of the addresses, such as ipconfig('addr4'), or sets some by name."""


STA_IF: int
"""The station: the board joins a network."""
AP_IF: int
"""The access point: others join the board."""
STAT_IDLE: int
"""Nothing was begun."""
STAT_CONNECTING: int
"""It is joining."""
STAT_GOT_IP: int
"""It is connected and has an address."""
STAT_WRONG_PASSWORD: int
"""The password is wrong."""
STAT_NO_AP_FOUND: int
"""There is no network of this name."""
STAT_ASSOC_FAIL: int
"""The access point refused."""
STAT_BEACON_TIMEOUT: int
"""The access point was not heard any more."""
STAT_HANDSHAKE_TIMEOUT: int
"""The access point did not answer in time, often because of a wrong password."""
AUTH_OPEN: int
"""Security: none."""
AUTH_WPA_PSK: int
"""Security: WPA with a password."""
AUTH_WPA2_PSK: int
"""Security: WPA2 with a password."""
AUTH_WPA_WPA2_PSK: int
"""Security: WPA or WPA2 with a password."""
AUTH_WPA3_PSK: int
"""Security: WPA3 with a password."""


def hostname(name: str = ...) -> str:
    """The board's name in the network; with an argument it is set, before active(True)."""
def country(code: str = ...) -> str:
    """The two letters of the country whose rules for WiFi hold; with an argument they are set."""
def ipconfig(param: str = ..., /, *, dns: str = ...) -> Any:
    """Gives a setting of all interfaces, such as ipconfig('dns'), or sets some by name."""
def phy_mode(mode: int = ...) -> None:
    """Does nothing on this chip."""

//! Which addresses of the host's network boards may reach. Closed by default; it connects nothing.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::str::FromStr;

/// The name by which boards reach the host's own listed ports: it leads to the gateway.
pub(crate) const HOST_NAME: &str = "host.workshop";

/// Where the virtual addresses of the lab's names are (RFC 2544), and where no way leads outside (RFC 6890).
const CLOSED: &[(Ipv4Addr, u8)] = &[
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(224, 0, 0, 0), 3),
];

/// Addresses that are listed as open, as in `192.168.7.20:1883`, `10.1.0.0/16` or `127.0.0.1:8080`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listed {
    network: Ipv4Addr,
    prefix: u8,
    port: Option<u16>,
}

/// Why something cannot be listed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` {why}")]
pub struct ListedError {
    text: String,
    why: &'static str,
}

impl FromStr for Listed {
    type Err = ListedError;

    fn from_str(text: &str) -> Result<Self, ListedError> {
        let refused = |why| ListedError { text: text.to_owned(), why };
        let form = "is no address as in `192.168.7.20:1883`, `10.1.0.0/16` or `127.0.0.1:8080`";
        let (network, port) = match text.rsplit_once(':') {
            None => (text, None),
            Some((network, port)) => {
                let port = port.parse::<u16>().ok().filter(|port| *port != 0);
                (network, Some(port.ok_or_else(|| refused(form))?))
            }
        };
        let (address, prefix) = network.split_once('/').unwrap_or((network, "32"));
        let address: Ipv4Addr = address.parse().map_err(|_| refused(form))?;
        let prefix = prefix.parse::<u8>().ok().filter(|prefix| *prefix <= 32);
        let prefix = prefix.ok_or_else(|| refused(form))?;
        let listed = Self { network: address, prefix, port };
        if listed.overlaps(Ipv4Addr::new(198, 18, 0, 0), 15) {
            return Err(refused("is where the workshop's own services are (198.18.0.0/15)"));
        }
        if listed.overlaps(Ipv4Addr::new(224, 0, 0, 0), 3) {
            return Err(refused("is no address of one host; a way outside leads to such alone"));
        }
        if address.is_loopback() && (prefix != 32 || port.is_none()) {
            return Err(refused(
                "opens too much: of this machine list each port, as in `127.0.0.1:1883`",
            ));
        }
        Ok(listed)
    }
}

impl fmt::Display for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.network)?;
        if self.prefix != 32 {
            write!(f, "/{}", self.prefix)?;
        }
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

impl Listed {
    fn has(self, to: SocketAddrV4) -> bool {
        is_in(*to.ip(), self.network, self.prefix) && self.port.is_none_or(|port| port == to.port())
    }

    /// Whether it shares addresses with a network.
    pub(crate) fn overlaps(self, network: Ipv4Addr, prefix: u8) -> bool {
        is_in(self.network, network, prefix) || is_in(network, self.network, self.prefix)
    }
}

fn is_in(address: Ipv4Addr, network: Ipv4Addr, prefix: u8) -> bool {
    let apart = u32::from(address) ^ u32::from(network);
    apart.checked_shr(32 - u32::from(prefix.min(32))).unwrap_or(0) == 0
}

/// Which addresses of the host's network boards may reach.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outside {
    /// All public addresses, and names that lead to them.
    pub internet: bool,
    /// Those besides.
    pub listed: Vec<Listed>,
}

impl Outside {
    /// Where a packet to this address goes on the host's network; `None` if that is closed. The gateway's own address stands for the
    /// host's loopback address, whose listed ports are reached there.
    pub(crate) fn target(&self, gateway: Ipv4Addr, to: SocketAddrV4) -> Option<SocketAddrV4> {
        if *to.ip() == gateway {
            let host = SocketAddrV4::new(Ipv4Addr::LOCALHOST, to.port());
            return self.is_listed(host).then_some(host);
        }
        (!to.ip().is_loopback() && (self.is_listed(to) || self.is_public(*to.ip()))).then_some(to)
    }

    /// Whether an address is open by name of its own. Others must not be the host's.
    pub(crate) fn is_listed(&self, to: SocketAddrV4) -> bool {
        self.listed.iter().any(|listed| listed.has(to))
    }

    fn is_public(&self, ip: Ipv4Addr) -> bool {
        self.internet && !CLOSED.iter().any(|(network, prefix)| is_in(ip, *network, *prefix))
    }

    /// Whether the names of the host's network are told.
    pub(crate) fn has_names(&self) -> bool {
        self.internet
    }

    /// What is told of a name's address: nothing of one that is closed.
    pub(crate) fn told(&self, gateway: Ipv4Addr, ip: Ipv4Addr) -> Option<Ipv4Addr> {
        if ip.is_loopback() {
            return self.reaches_host().then_some(gateway);
        }
        let is_listed = |listed: &Listed| is_in(ip, listed.network, listed.prefix);
        (self.is_public(ip) || self.listed.iter().any(is_listed)).then_some(ip)
    }

    /// Whether something of the host's loopback address is open.
    pub(crate) fn reaches_host(&self) -> bool {
        self.listed.iter().any(|listed| listed.network.is_loopback())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GATEWAY: Ipv4Addr = Ipv4Addr::new(192, 168, 1, 1);

    fn outside(internet: bool, listed: &[&str]) -> Outside {
        Outside { internet, listed: listed.iter().map(|text| text.parse().unwrap()).collect() }
    }

    fn way(outside: &Outside, to: &str) -> String {
        let target = outside.target(GATEWAY, to.parse().unwrap());
        target.map_or("closed".into(), |at| at.to_string())
    }

    #[test]
    fn everything_is_closed_unless_it_is_opened() {
        let closed = Outside::default();
        for to in ["93.184.216.34:80", "192.168.1.1:22", "127.0.0.1:80", "10.0.0.1:80"] {
            assert_eq!(way(&closed, to), "closed", "{to}");
        }
    }

    #[test]
    fn internet_is_public_addresses_alone() {
        let open = outside(true, &[]);
        assert_eq!(way(&open, "93.184.216.34:80"), "93.184.216.34:80");
        for to in [
            "0.0.0.0:80",
            "10.255.0.1:80",
            "100.64.0.1:80",
            "100.127.255.255:80",
            "127.9.9.9:80",
            "169.254.169.254:80",
            "172.16.0.1:80",
            "172.31.255.255:80",
            "192.0.0.170:80",
            "192.168.1.1:80",
            "192.168.200.1:80",
            "198.18.0.99:80",
            "198.19.255.255:80",
            "224.0.0.251:5353",
            "240.0.0.1:80",
            "255.255.255.255:80",
        ] {
            assert_eq!(way(&open, to), "closed", "{to}");
        }
        for to in
            ["9.9.9.9:53", "100.63.255.255:80", "100.128.0.0:80", "172.32.0.1:80", "198.20.0.1:80"]
        {
            assert_eq!(way(&open, to), to);
        }
    }

    #[test]
    fn what_is_listed_is_open_and_the_host_s_own_ports_are_at_the_gateway() {
        let some = outside(false, &["10.1.0.0/16", "172.16.3.4:1883", "127.0.0.1:8080"]);
        for (to, wanted) in [
            ("10.1.255.3:9", "10.1.255.3:9"),
            ("10.2.0.1:9", "closed"),
            ("172.16.3.4:1883", "172.16.3.4:1883"),
            ("172.16.3.4:1884", "closed"),
            ("192.168.1.1:8080", "127.0.0.1:8080"),
            ("192.168.1.1:8081", "closed"),
            ("127.0.0.1:8080", "closed"),
            ("93.184.216.34:80", "closed"),
        ] {
            assert_eq!(way(&some, to), wanted, "{to}");
        }
        assert!(some.reaches_host() && !outside(true, &[]).reaches_host());
    }

    #[test]
    fn names_tell_only_addresses_that_are_open() {
        let told = |outside: &Outside, ip: [u8; 4]| outside.told(GATEWAY, ip.into());
        let open = outside(true, &["10.1.2.3:80", "127.0.0.1:99"]);
        assert_eq!(told(&open, [10, 1, 2, 3]), Some([10, 1, 2, 3].into()));
        assert_eq!(told(&open, [10, 1, 2, 4]), None);
        assert_eq!(told(&open, [127, 0, 1, 1]), Some(GATEWAY));
        assert_eq!(told(&outside(true, &[]), [127, 0, 0, 1]), None);
        assert_eq!(told(&outside(false, &[]), [9, 9, 9, 9]), None);
    }

    #[test]
    fn what_cannot_be_listed_is_refused_with_the_reason() {
        for (text, why) in [
            ("example.org:80", "is no address"),
            ("1.2.3.4:0", "is no address"),
            ("1.2.3.4:65536", "is no address"),
            ("1.2.3.4/33", "is no address"),
            ("", "is no address"),
            ("127.0.0.1", "opens too much"),
            ("127.0.0.0/8:80", "opens too much"),
            ("198.18.0.1", "own services"),
            ("0.0.0.0/0", "own services"),
            ("224.0.0.251:5353", "no address of one host"),
        ] {
            let refused = text.parse::<Listed>().unwrap_err().to_string();
            assert!(refused.contains(why), "{text}: {refused}");
        }
        for text in ["10.0.0.0/8", "10.1.2.3", "10.1.2.3:80", "127.0.0.1:80", "10.0.0.0/8:443"] {
            assert_eq!(text.parse::<Listed>().unwrap().to_string(), text);
        }
    }
}

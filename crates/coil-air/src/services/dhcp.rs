//! The address server: who has which address, and the answers to DHCP messages. Bounded by the subnet. It knows no sockets; its
//! caller tells which addresses boards use without having asked.

use crate::config::AirConfig;
use crate::frame::Mac;
use smoltcp::wire::{DhcpMessageType, DhcpPacket, DhcpRepr, EthernetAddress};
use std::collections::HashMap;
use std::net::Ipv4Addr;

/// The host number of the first lease in a lab's network.
const FIRST_HOST: u32 = 100;
/// How long leases of a board's access point last, in seconds.
const BOARD_LEASE_SECONDS: u32 = 7200;
/// Addresses looked at for one lease.
const MAX_SEARCH: u32 = 65_536;

#[derive(Debug, Clone, Copy)]
struct Lease {
    address: Ipv4Addr,
    expires_us: u64,
}

/// The server's leases.
#[derive(Debug)]
pub(crate) struct DhcpServer {
    gateway: Ipv4Addr,
    netmask: Ipv4Addr,
    network: u32,
    hosts: u32,
    first: u32,
    lease_seconds: u32,
    by_mac: HashMap<Mac, Lease>,
    by_address: HashMap<Ipv4Addr, Mac>,
    next: u32,
}

/// An answer and where it goes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) payload: Vec<u8>,
    pub(crate) to: Ipv4Addr,
}

impl DhcpServer {
    /// The one of a lab.
    pub(crate) fn of_air(config: &AirConfig) -> Self {
        let lease_seconds = config.lease_seconds.max(60);
        Self::new(config.gateway, config.mask_bits(), FIRST_HOST, lease_seconds)
    }

    /// The one that a chip's firmware runs beside its access point: leases begin after its own address.
    pub(crate) fn of_board(address: Ipv4Addr, prefix: u8) -> Self {
        let mask = u32::MAX << (32 - u32::from(prefix.clamp(8, 30)));
        let first = (u32::from(address) & !mask) + 1;
        Self::new(address, mask, first, BOARD_LEASE_SECONDS)
    }

    fn new(gateway: Ipv4Addr, mask: u32, first: u32, lease_seconds: u32) -> Self {
        Self {
            gateway,
            netmask: Ipv4Addr::from(mask),
            network: u32::from(gateway) & mask,
            // Host numbers 1 to this; the last one is the broadcast address.
            hosts: !mask - 1,
            first,
            lease_seconds,
            by_mac: HashMap::new(),
            by_address: HashMap::new(),
            next: 0,
        }
    }

    /// The address that a board was given.
    pub(crate) fn address_of(&self, mac: Mac) -> Option<Ipv4Addr> {
        self.by_mac.get(&mac).map(|lease| lease.address)
    }

    /// Answers a message from the board at `mac`; `None` if there is nothing to say. `in_use` tells of static addresses.
    pub(crate) fn answer(
        &mut self,
        mac: Mac,
        request: &[u8],
        now_us: u64,
        in_use: impl Fn(Ipv4Addr) -> bool,
    ) -> Option<Answer> {
        let packet = DhcpPacket::new_checked(request).ok()?;
        let message = DhcpRepr::parse(&packet).ok()?;
        if message.client_hardware_address.0 != mac {
            return None;
        }
        match message.message_type {
            DhcpMessageType::Discover => {
                let address = self.lease(mac, now_us, in_use)?.address;
                self.reply(DhcpMessageType::Offer, &message, address)
            }
            DhcpMessageType::Request => {
                if message.server_identifier.is_some_and(|server| server != self.gateway) {
                    return None;
                }
                let wanted = message.requested_ip.unwrap_or(message.client_ip);
                if self.by_mac.get(&mac).is_some_and(|lease| lease.address == wanted) {
                    self.lease(mac, now_us, in_use)?;
                    self.reply(DhcpMessageType::Ack, &message, wanted)
                } else {
                    self.reply(DhcpMessageType::Nak, &message, Ipv4Addr::UNSPECIFIED)
                }
            }
            DhcpMessageType::Release | DhcpMessageType::Decline => {
                if let Some(lease) = self.by_mac.remove(&mac) {
                    self.by_address.remove(&lease.address);
                }
                None
            }
            _ => None,
        }
    }

    // The board's lease, renewed, or a new one: a free address, else one whose lease ran out.
    fn lease(&mut self, mac: Mac, now_us: u64, in_use: impl Fn(Ipv4Addr) -> bool) -> Option<Lease> {
        let expires_us = now_us.saturating_add(u64::from(self.lease_seconds) * 1_000_000);
        if let Some(lease) = self.by_mac.get_mut(&mac) {
            lease.expires_us = expires_us;
            return Some(*lease);
        }
        let address = self.free_address(now_us, in_use)?;
        if let Some(old) = self.by_address.insert(address, mac) {
            self.by_mac.remove(&old);
        }
        let lease = Lease { address, expires_us };
        self.by_mac.insert(mac, lease);
        Some(lease)
    }

    fn free_address(&mut self, now_us: u64, in_use: impl Fn(Ipv4Addr) -> bool) -> Option<Ipv4Addr> {
        let mut expired = None;
        for _ in 0..self.hosts.min(MAX_SEARCH) {
            let host = (self.first - 1 + self.next) % self.hosts + 1;
            self.next = (self.next + 1) % self.hosts;
            let address = Ipv4Addr::from(self.network + host);
            if address == self.gateway
                || (in_use(address) && !self.by_address.contains_key(&address))
            {
                continue;
            }
            match self.by_address.get(&address).and_then(|owner| self.by_mac.get(owner)) {
                None => return Some(address),
                Some(lease) if lease.expires_us <= now_us && expired.is_none() => {
                    expired = Some(address);
                }
                Some(_) => {}
            }
        }
        expired
    }

    fn reply(
        &self,
        message_type: DhcpMessageType,
        request: &DhcpRepr<'_>,
        address: Ipv4Addr,
    ) -> Option<Answer> {
        let granted = message_type != DhcpMessageType::Nak;
        let reply = DhcpRepr {
            message_type,
            transaction_id: request.transaction_id,
            secs: 0,
            client_hardware_address: EthernetAddress(request.client_hardware_address.0),
            client_ip: request.client_ip,
            your_ip: address,
            server_ip: self.gateway,
            router: granted.then_some(self.gateway),
            subnet_mask: granted.then_some(self.netmask),
            relay_agent_ip: Ipv4Addr::UNSPECIFIED,
            broadcast: request.broadcast,
            requested_ip: None,
            client_identifier: None,
            server_identifier: Some(self.gateway),
            parameter_request_list: None,
            dns_servers: granted.then(|| [self.gateway].into_iter().collect()),
            max_size: None,
            lease_duration: granted.then_some(self.lease_seconds),
            renew_duration: None,
            rebind_duration: None,
            additional_options: &[],
        };
        let mut payload = vec![0u8; reply.buffer_len()];
        reply.emit(&mut DhcpPacket::new_unchecked(&mut payload[..])).ok()?;
        let to = if granted && !request.client_ip.is_unspecified() {
            request.client_ip
        } else {
            Ipv4Addr::BROADCAST
        };
        Some(Answer { payload, to })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access_point::AccessPoint;
    use crate::rng::Rng;

    const MAC: Mac = [2, 0, 0, 0, 0, 9];

    fn server(prefix: u8) -> DhcpServer {
        let mut config = AirConfig::new(AccessPoint::open("x")).unwrap();
        config.prefix = prefix;
        DhcpServer::of_air(&config)
    }

    fn message(mac: Mac, message_type: DhcpMessageType, wanted: Option<Ipv4Addr>) -> Vec<u8> {
        let repr = DhcpRepr {
            message_type,
            transaction_id: 7,
            secs: 0,
            client_hardware_address: EthernetAddress(mac),
            client_ip: Ipv4Addr::UNSPECIFIED,
            your_ip: Ipv4Addr::UNSPECIFIED,
            server_ip: Ipv4Addr::UNSPECIFIED,
            router: None,
            subnet_mask: None,
            relay_agent_ip: Ipv4Addr::UNSPECIFIED,
            broadcast: false,
            requested_ip: wanted,
            client_identifier: Some(EthernetAddress(mac)),
            server_identifier: None,
            parameter_request_list: Some(&[1, 3, 6]),
            dns_servers: None,
            max_size: None,
            lease_duration: None,
            renew_duration: None,
            rebind_duration: None,
            additional_options: &[],
        };
        let mut bytes = vec![0u8; repr.buffer_len()];
        repr.emit(&mut DhcpPacket::new_unchecked(&mut bytes[..])).unwrap();
        bytes
    }

    fn read(answer: &Answer) -> (DhcpMessageType, Ipv4Addr) {
        let packet = DhcpPacket::new_checked(&answer.payload[..]).unwrap();
        let repr = DhcpRepr::parse(&packet).unwrap();
        (repr.message_type, repr.your_ip)
    }

    fn nobody(_: Ipv4Addr) -> bool {
        false
    }

    #[test]
    fn same_board_gets_the_same_address_again() {
        let mut server = server(24);
        let offer =
            server.answer(MAC, &message(MAC, DhcpMessageType::Discover, None), 0, nobody).unwrap();
        let (kind, address) = read(&offer);
        assert_eq!((kind, address), (DhcpMessageType::Offer, Ipv4Addr::new(192, 168, 1, 100)));
        let ack = server
            .answer(MAC, &message(MAC, DhcpMessageType::Request, Some(address)), 0, nobody)
            .unwrap();
        assert_eq!(read(&ack), (DhcpMessageType::Ack, address));
        let again =
            server.answer(MAC, &message(MAC, DhcpMessageType::Discover, None), 5, nobody).unwrap();
        assert_eq!(read(&again).1, address);
    }

    #[test]
    fn address_of_another_is_refused() {
        let mut server = server(24);
        let wanted = Some(Ipv4Addr::new(192, 168, 1, 7));
        let nak =
            server.answer(MAC, &message(MAC, DhcpMessageType::Request, wanted), 0, nobody).unwrap();
        assert_eq!(read(&nak).0, DhcpMessageType::Nak);
    }

    #[test]
    fn full_subnet_gives_only_addresses_whose_lease_ran_out() {
        let mut server = server(28);
        let discover = |server: &mut DhcpServer, n: u8, now_us| {
            let mac = [2, 0, 0, 0, 1, n];
            let used = |address: Ipv4Addr| address.octets()[3] == 3;
            server
                .answer(mac, &message(mac, DhcpMessageType::Discover, None), now_us, used)
                .map(|a| read(&a).1)
        };
        let mut seen: Vec<_> =
            (0..12).map(|n| discover(&mut server, n, u64::from(n)).unwrap()).collect();
        assert_eq!(discover(&mut server, 50, 20), None);
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 12);
        assert!(
            !seen.contains(&Ipv4Addr::new(192, 168, 1, 1))
                && !seen.contains(&Ipv4Addr::new(192, 168, 1, 3))
        );
        let later = 86_400_000_000 + 100;
        assert!(discover(&mut server, 50, later).is_some());
    }

    #[test]
    fn message_in_the_name_of_another_board_is_dropped() {
        let mut server = server(24);
        assert_eq!(
            server.answer([2; 6], &message(MAC, DhcpMessageType::Discover, None), 0, nobody),
            None
        );
    }

    #[test]
    fn mutated_messages_never_panic_and_leases_stay_bounded() {
        let mut server = server(28);
        let mut rng = Rng::new(3, b"dhcp");
        let kinds = [DhcpMessageType::Discover, DhcpMessageType::Request, DhcpMessageType::Decline];
        for round in 0..100_000u64 {
            let kind = kinds[rng.next() as usize % kinds.len()];
            let mut bytes = message(MAC, kind, Some(Ipv4Addr::new(192, 168, 1, 5)));
            for _ in 0..=rng.next() % 6 {
                let at = rng.next() as usize % bytes.len();
                bytes[at] = rng.next() as u8;
            }
            bytes.truncate(rng.next() as usize % (bytes.len() + 60));
            let mac = DhcpPacket::new_checked(&bytes[..])
                .map_or(MAC, |packet| packet.client_hardware_address().0);
            let _ = server.answer(mac, &bytes, round, nobody);
        }
        assert!(server.by_mac.len() <= 14 && server.by_address.len() <= 14);
    }
}

//! One Ethernet frame on its way, and what must be seen of it without a stack: who it is for, and whether it asks for a connection.
//! Every look goes through smoltcp's checked views, so no frame can make it panic.

use smoltcp::phy::ChecksumCapabilities;
use smoltcp::wire::{
    ArpOperation, ArpPacket, ArpRepr, EthernetAddress, EthernetFrame, EthernetProtocol,
    EthernetRepr, Icmpv4DstUnreachable, Icmpv4Message, Icmpv4Packet, Icmpv4Repr, IgmpPacket,
    IgmpRepr, IgmpVersion, IpAddress, IpProtocol, Ipv4Packet, Ipv4Repr, TcpPacket, UdpPacket,
    UdpRepr,
};
use std::net::{Ipv4Addr, SocketAddrV4};
use std::sync::Arc;

/// A station's hardware address.
pub type Mac = [u8; 6];

/// The largest frame on the air: 1500 bytes of IP and an Ethernet header.
pub(crate) const MAX_FRAME: usize = 1514;
const HOP_LIMIT: u8 = 64;

/// A frame with the moment at which it arrives.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub(crate) deliver_at_us: u64,
    pub(crate) bytes: Arc<[u8]>,
}

/// What a frame carries, as far as the air must know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Peek {
    /// A question for the hardware address of `target`.
    ArpRequest { source: Ipv4Addr, target: Ipv4Addr },
    /// A TCP segment.
    Tcp { src: SocketAddrV4, dst: SocketAddrV4, syn: bool, rst: bool },
    /// A datagram.
    Udp { src: SocketAddrV4, dst: SocketAddrV4 },
    /// Another host says that what `local` sent to `remote` cannot be delivered.
    Unreachable { local: SocketAddrV4, remote: SocketAddrV4 },
    /// What is said of a multicast group.
    Igmp(Igmp),
    /// Any other IPv4 packet.
    Ip { dst: Ipv4Addr },
    /// Something else, or malformed.
    Other,
}

/// What IGMP says of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Igmp {
    /// Who is in it, or in any if it is unspecified, is to say so within so many microseconds.
    Query { group: Ipv4Addr, within_us: u64 },
    /// Somebody is in it.
    Report(Ipv4Addr),
    /// Somebody is in it no more.
    Leave(Ipv4Addr),
}

/// Destination and source of a frame; `None` if it is too short to have them.
pub(crate) fn addresses(bytes: &[u8]) -> Option<(Mac, Mac)> {
    let frame = EthernetFrame::new_checked(bytes).ok()?;
    Some((frame.dst_addr().0, frame.src_addr().0))
}

/// True for broadcast and multicast hardware addresses.
pub(crate) fn is_group(mac: Mac) -> bool {
    mac[0] & 1 == 1
}

/// True for a message of ARP.
pub(crate) fn is_arp(bytes: &[u8]) -> bool {
    EthernetFrame::new_checked(bytes).is_ok_and(|frame| frame.ethertype() == EthernetProtocol::Arp)
}

/// Looks into a frame.
pub(crate) fn peek(bytes: &[u8]) -> Peek {
    let Ok(frame) = EthernetFrame::new_checked(bytes) else { return Peek::Other };
    match frame.ethertype() {
        EthernetProtocol::Arp => peek_arp(frame.payload()),
        EthernetProtocol::Ipv4 => peek_ip(frame.payload()).unwrap_or(Peek::Other),
        _ => Peek::Other,
    }
}

fn peek_arp(payload: &[u8]) -> Peek {
    let repr = ArpPacket::new_checked(payload).and_then(|packet| ArpRepr::parse(&packet));
    match repr {
        Ok(ArpRepr::EthernetIpv4 {
            operation: ArpOperation::Request,
            source_protocol_addr,
            target_protocol_addr,
            ..
        }) => Peek::ArpRequest { source: source_protocol_addr, target: target_protocol_addr },
        _ => Peek::Other,
    }
}

fn peek_ip(payload: &[u8]) -> Option<Peek> {
    let ip = Ipv4Packet::new_checked(payload).ok()?;
    let (src, dst) = (ip.src_addr(), ip.dst_addr());
    match ip.next_header() {
        IpProtocol::Tcp => {
            let tcp = TcpPacket::new_checked(ip.payload()).ok()?;
            Some(Peek::Tcp {
                src: SocketAddrV4::new(src, tcp.src_port()),
                dst: SocketAddrV4::new(dst, tcp.dst_port()),
                syn: tcp.syn() && !tcp.ack() && !tcp.rst(),
                rst: tcp.rst(),
            })
        }
        IpProtocol::Udp => {
            let udp = UdpPacket::new_checked(ip.payload()).ok()?;
            Some(Peek::Udp {
                src: SocketAddrV4::new(src, udp.src_port()),
                dst: SocketAddrV4::new(dst, udp.dst_port()),
            })
        }
        IpProtocol::Icmp => Some(peek_unreachable(ip.payload()).unwrap_or(Peek::Ip { dst })),
        IpProtocol::Igmp => Some(peek_igmp(ip.payload()).map_or(Peek::Ip { dst }, Peek::Igmp)),
        _ => Some(Peek::Ip { dst }),
    }
}

/// Looks into the payload of an IGMP packet.
pub(crate) fn peek_igmp(payload: &[u8]) -> Option<Igmp> {
    let packet = IgmpPacket::new_checked(payload).ok()?;
    Some(match IgmpRepr::parse(&packet).ok()? {
        IgmpRepr::MembershipQuery { group_addr: group, max_resp_time, .. } => {
            Igmp::Query { group, within_us: max_resp_time.total_micros() }
        }
        IgmpRepr::MembershipReport { group_addr, .. } => Igmp::Report(group_addr),
        IgmpRepr::LeaveGroup { group_addr } => Igmp::Leave(group_addr),
    })
}

fn peek_unreachable(payload: &[u8]) -> Option<Peek> {
    let icmp = Icmpv4Packet::new_checked(payload).ok()?;
    if icmp.msg_type() != Icmpv4Message::DstUnreachable {
        return None;
    }
    // The packet inside is cut short, so only its fixed fields can be read.
    let inner = Ipv4Packet::new_unchecked(icmp.data());
    let data = icmp.data();
    if data.len() < 20 || inner.version() != 4 || inner.next_header() != IpProtocol::Tcp {
        return None;
    }
    let ports = data.get(usize::from(inner.header_len())..)?;
    let (src_port, dst_port) = (ports.get(..2)?, ports.get(2..4)?);
    Some(Peek::Unreachable {
        local: SocketAddrV4::new(inner.src_addr(), u16::from_be_bytes([src_port[0], src_port[1]])),
        remote: SocketAddrV4::new(inner.dst_addr(), u16::from_be_bytes([dst_port[0], dst_port[1]])),
    })
}

/// A datagram as it came: who sent it, on which hardware address, and its payload.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Datagram<'a> {
    pub(crate) mac: Mac,
    pub(crate) src: SocketAddrV4,
    pub(crate) dst: SocketAddrV4,
    pub(crate) payload: &'a [u8],
}

/// The datagram in a frame, if there is one and its checksums hold.
pub(crate) fn datagram(bytes: &[u8]) -> Option<Datagram<'_>> {
    let frame = EthernetFrame::new_checked(bytes).ok()?;
    let mac = frame.src_addr().0;
    if frame.ethertype() != EthernetProtocol::Ipv4 {
        return None;
    }
    let caps = ChecksumCapabilities::default();
    let ip = Ipv4Packet::new_checked(frame.payload()).ok()?;
    let ip_repr = Ipv4Repr::parse(&ip, &caps).ok()?;
    if ip_repr.next_header != IpProtocol::Udp || ip.more_frags() || ip.frag_offset() != 0 {
        return None;
    }
    let udp = UdpPacket::new_checked(ip.payload()).ok()?;
    let (src, dst) = (IpAddress::Ipv4(ip_repr.src_addr), IpAddress::Ipv4(ip_repr.dst_addr));
    let udp_repr = UdpRepr::parse(&udp, &src, &dst, &caps).ok()?;
    Some(Datagram {
        mac,
        src: SocketAddrV4::new(ip_repr.src_addr, udp_repr.src_port),
        dst: SocketAddrV4::new(ip_repr.dst_addr, udp_repr.dst_port),
        payload: udp.payload(),
    })
}

fn ip_frame(from: Mac, to: Mac, ip: Ipv4Repr, fill: impl FnOnce(&mut [u8])) -> Option<Arc<[u8]>> {
    let length = 14 + ip.buffer_len() + ip.payload_len;
    if length > MAX_FRAME {
        return None;
    }
    let mut bytes = vec![0u8; length];
    let mut frame = EthernetFrame::new_unchecked(&mut bytes[..]);
    EthernetRepr {
        src_addr: EthernetAddress(from),
        dst_addr: EthernetAddress(to),
        ethertype: EthernetProtocol::Ipv4,
    }
    .emit(&mut frame);
    let mut packet = Ipv4Packet::new_unchecked(frame.payload_mut());
    ip.emit(&mut packet, &ChecksumCapabilities::default());
    fill(packet.payload_mut());
    Some(bytes.into())
}

/// Builds the frame of a datagram; `None` if it would not fit one frame.
pub(crate) fn udp_frame(
    from: Mac,
    to: Mac,
    src: SocketAddrV4,
    dst: SocketAddrV4,
    payload: &[u8],
) -> Option<Arc<[u8]>> {
    let udp = UdpRepr { src_port: src.port(), dst_port: dst.port() };
    let ip = Ipv4Repr {
        src_addr: *src.ip(),
        dst_addr: *dst.ip(),
        next_header: IpProtocol::Udp,
        payload_len: 8 + payload.len(),
        hop_limit: HOP_LIMIT,
    };
    ip_frame(from, to, ip, |buffer| {
        udp.emit(
            &mut UdpPacket::new_unchecked(buffer),
            &IpAddress::Ipv4(*src.ip()),
            &IpAddress::Ipv4(*dst.ip()),
            payload.len(),
            |body| body.copy_from_slice(payload),
            &ChecksumCapabilities::default(),
        );
    })
}

/// The hardware address of a multicast group.
pub(crate) fn group_mac(group: Ipv4Addr) -> Mac {
    let [_, a, b, c] = group.octets();
    [0x01, 0x00, 0x5e, a & 0x7f, b, c]
}

/// The option that has routers look into a packet that is not for them.
const ROUTER_ALERT: [u8; 4] = [0x94, 4, 0, 0];

/// Builds a report, by version 2 of IGMP, that the host at `address` is in a group.
pub(crate) fn igmp_report(from: Mac, address: Ipv4Addr, group: Ipv4Addr) -> Arc<[u8]> {
    let mut body = [0; 8];
    IgmpRepr::MembershipReport { group_addr: group, version: IgmpVersion::Version2 }
        .emit(&mut IgmpPacket::new_unchecked(&mut body[..]));
    let head = [0x46, 0, 0, 32, 0, 0, 0, 0, 1, u8::from(IpProtocol::Igmp), 0, 0];
    let (src, dst) = (address.octets(), group.octets());
    let mut ip = [&head[..], &src, &dst, &ROUTER_ALERT, &body].concat();
    Ipv4Packet::new_unchecked(&mut ip[..]).fill_checksum();
    let kind = u16::from(EthernetProtocol::Ipv4).to_be_bytes();
    [&group_mac(group)[..], &from, &kind, &ip].concat().into()
}

/// Builds the gateway's answer "that host cannot be reached" to the packet in `bytes`.
pub(crate) fn unreachable_frame(
    gateway_mac: Mac,
    gateway: Ipv4Addr,
    bytes: &[u8],
) -> Option<Arc<[u8]>> {
    let frame = EthernetFrame::new_checked(bytes).ok()?;
    let packet = Ipv4Packet::new_checked(frame.payload()).ok()?;
    let header = Ipv4Repr::parse(&packet, &ChecksumCapabilities::default()).ok()?;
    let body = packet.payload();
    let icmp = Icmpv4Repr::DstUnreachable {
        reason: Icmpv4DstUnreachable::HostUnreachable,
        header,
        data: &body[..body.len().min(8)],
    };
    let ip = Ipv4Repr {
        src_addr: gateway,
        dst_addr: header.src_addr,
        next_header: IpProtocol::Icmp,
        payload_len: icmp.buffer_len(),
        hop_limit: HOP_LIMIT,
    };
    ip_frame(gateway_mac, frame.src_addr().0, ip, |buffer| {
        icmp.emit(&mut Icmpv4Packet::new_unchecked(buffer), &ChecksumCapabilities::default());
    })
}

/// Where the parts of a frame are that are looked at or changed in place.
const SOURCE: std::ops::Range<usize> = 6..12;
const ARP_SENDER: std::ops::Range<usize> = 22..28;

/// The address that a packet, or an ARP message, comes from.
pub(crate) fn source_ip(bytes: &[u8]) -> Option<Ipv4Addr> {
    let frame = EthernetFrame::new_checked(bytes).ok()?;
    match frame.ethertype() {
        EthernetProtocol::Arp => {
            match ArpRepr::parse(&ArpPacket::new_checked(frame.payload()).ok()?) {
                Ok(ArpRepr::EthernetIpv4 { source_protocol_addr, .. }) => {
                    Some(source_protocol_addr)
                }
                _ => None,
            }
        }
        EthernetProtocol::Ipv4 => Some(Ipv4Packet::new_checked(frame.payload()).ok()?.src_addr()),
        _ => None,
    }
}

/// The same frame from another hardware address.
pub(crate) fn from_other(bytes: &Arc<[u8]>, mac: Mac) -> Arc<[u8]> {
    let mut changed = bytes.to_vec();
    let is_arp = is_arp(bytes);
    for part in [Some(SOURCE), is_arp.then_some(ARP_SENDER)].into_iter().flatten() {
        if let Some(place) = changed.get_mut(part) {
            place.copy_from_slice(&mac);
        }
    }
    changed.into()
}

/// The same frame for another hardware address, if it is for this one.
pub(crate) fn readdressed(bytes: &Arc<[u8]>, old: Mac, new: Mac) -> Arc<[u8]> {
    if !bytes.starts_with(&old) {
        return bytes.clone();
    }
    let mut changed = bytes.to_vec();
    changed[..6].copy_from_slice(&new);
    changed.into()
}

/// The type that frames of ESP-NOW are shown with; on the air they are action frames, which Ethernet has not.
pub(crate) const ESP_NOW_TYPE: u16 = 0x88b5;
/// The maker's number, and its number for ESP-NOW.
const ESP_NOW: [u8; 4] = [0x18, 0xfe, 0x34, 4];
/// The longest message of ESP-NOW's first version.
const ESP_NOW_FIRST: usize = 250;

/// Builds the frame by which a message of ESP-NOW is shown: a byte that is 1 if it is encrypted, maker, type, version, message.
pub(crate) fn esp_now_frame(from: Mac, to: Mac, encrypted: bool, body: &[u8]) -> Arc<[u8]> {
    let version = if body.len() > ESP_NOW_FIRST { 2 } else { 1 };
    let head = [&to[..], &from[..], &ESP_NOW_TYPE.to_be_bytes()[..]].concat();
    [&head[..], &[u8::from(encrypted)], &ESP_NOW, &[version], body].concat().into()
}

/// Looks into the payload of such a frame: whether it is encrypted, its version, and how long the message is.
pub(crate) fn peek_esp_now(payload: &[u8]) -> Option<(bool, u8, usize)> {
    let (head, body) = payload.split_at_checked(6)?;
    (head[1..5] == ESP_NOW).then_some((head[0] == 1, head[5], body.len()))
}

/// Builds the answer to the ARP request in `bytes`, saying that its target is at `mac`.
pub(crate) fn arp_reply(mac: Mac, bytes: &[u8]) -> Option<Arc<[u8]>> {
    let frame = EthernetFrame::new_checked(bytes).ok()?;
    let packet = ArpPacket::new_checked(frame.payload()).ok()?;
    let ArpRepr::EthernetIpv4 {
        source_hardware_addr,
        source_protocol_addr,
        target_protocol_addr,
        ..
    } = ArpRepr::parse(&packet).ok()?
    else {
        return None;
    };
    let reply = ArpRepr::EthernetIpv4 {
        operation: ArpOperation::Reply,
        source_hardware_addr: EthernetAddress(mac),
        source_protocol_addr: target_protocol_addr,
        target_hardware_addr: source_hardware_addr,
        target_protocol_addr: source_protocol_addr,
    };
    let mut out = vec![0u8; 14 + reply.buffer_len()];
    let mut frame = EthernetFrame::new_unchecked(&mut out[..]);
    EthernetRepr {
        src_addr: EthernetAddress(mac),
        dst_addr: source_hardware_addr,
        ethertype: EthernetProtocol::Arp,
    }
    .emit(&mut frame);
    reply.emit(&mut ArpPacket::new_unchecked(frame.payload_mut()));
    Some(out.into())
}

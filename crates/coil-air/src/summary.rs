//! A frame in one line, as people read captures: who, to whom, in which protocol, and what it says. Frames may be anything; what cannot
//! be read is left out.

mod payload;

use crate::frame::{ESP_NOW_TYPE, Igmp, Mac, is_group, peek_esp_now, peek_igmp};
use smoltcp::wire::{
    ArpOperation, ArpPacket, ArpRepr, EthernetAddress, EthernetFrame, EthernetProtocol,
    Icmpv4Message, Icmpv4Packet, IpProtocol, Ipv4Packet, TcpPacket, UdpPacket,
};
use std::net::{Ipv4Addr, SocketAddrV4};

/// What a frame says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Hardware address of the sender.
    pub sender: Mac,
    /// Hardware address of the receiver, which may be a group.
    pub receiver: Mac,
    /// The innermost protocol that is known, in lower case: `arp`, `ip`, `icmp`, `udp`, `tcp`, `dhcp`, `dns`, `ntp`, `http`, `tls`,
    /// `dtls`, `esp-now`, or `ethernet`.
    pub protocol: &'static str,
    /// Address and, where there is one, port of the sender.
    pub from: String,
    /// The same of the receiver.
    pub to: String,
    /// All of it in one line of printable characters: `TCP 192.168.4.2:50000 > 10.0.0.1:80 [SYN]`.
    pub text: String,
}

impl Summary {
    /// Looks into a frame; nothing if it is too short to be one.
    pub fn of(frame: &[u8]) -> Option<Self> {
        let frame = EthernetFrame::new_checked(frame).ok()?;
        let (sender, receiver) = (frame.src_addr(), frame.dst_addr());
        let inner = match frame.ethertype() {
            EthernetProtocol::Arp => arp(frame.payload()),
            EthernetProtocol::Ipv4 => ip(frame.payload()),
            EthernetProtocol::Unknown(ESP_NOW_TYPE) => esp_now(sender, receiver, frame.payload()),
            _ => None,
        };
        let inner = inner.unwrap_or_else(|| Inner::bare(sender, receiver, frame.ethertype()));
        let Inner { protocol, from, to, text } = inner;
        Some(Self { sender: sender.0, receiver: receiver.0, protocol, from, to, text })
    }

    /// Whether it is for a group, or for everyone.
    pub fn is_for_all(&self) -> bool {
        is_group(self.receiver)
    }
}

struct Inner {
    protocol: &'static str,
    from: String,
    to: String,
    text: String,
}

impl Inner {
    fn bare(from: EthernetAddress, to: EthernetAddress, kind: EthernetProtocol) -> Self {
        let text = format!("Ethernet {from} > {to} type {:#06x}", u16::from(kind));
        Self { protocol: "ethernet", from: from.to_string(), to: to.to_string(), text }
    }

    /// `PROTOCOL from > to says`
    fn new(protocol: &'static str, from: impl ToString, to: impl ToString, says: &str) -> Self {
        let (from, to) = (from.to_string(), to.to_string());
        let mut text = format!("{} {from} > {to}", protocol.to_uppercase());
        if !says.is_empty() {
            text.push(' ');
            text.push_str(says);
        }
        Self { protocol, from, to, text }
    }
}

fn esp_now(from: EthernetAddress, to: EthernetAddress, payload: &[u8]) -> Option<Inner> {
    let (encrypted, version, length) = peek_esp_now(payload)?;
    let how = if encrypted { ", encrypted" } else { "" };
    Some(Inner::new("esp-now", from, to, &format!("v{version} {length} bytes{how}")))
}

fn arp(payload: &[u8]) -> Option<Inner> {
    let ArpRepr::EthernetIpv4 {
        operation,
        source_hardware_addr,
        source_protocol_addr: source,
        target_protocol_addr: target,
        ..
    } = ArpPacket::new_checked(payload).and_then(|p| ArpRepr::parse(&p)).ok()?
    else {
        return None;
    };
    let says = match operation {
        ArpOperation::Request => format!("who has {target}"),
        _ => format!("{source} is at {source_hardware_addr}"),
    };
    Some(Inner::new("arp", source, target, &says))
}

fn ip(payload: &[u8]) -> Option<Inner> {
    let ip = Ipv4Packet::new_checked(payload).ok()?;
    let (from, to) = (ip.src_addr(), ip.dst_addr());
    let whole = ip.frag_offset() == 0;
    let inner = match ip.next_header() {
        IpProtocol::Tcp if whole => tcp(from, to, ip.payload()),
        IpProtocol::Udp if whole => udp(from, to, ip.payload()),
        IpProtocol::Icmp if whole => icmp(from, to, ip.payload()),
        IpProtocol::Igmp if whole => igmp(from, to, ip.payload()),
        _ => None,
    };
    inner.or_else(|| {
        let protocol = u8::from(ip.next_header());
        let says = format!("protocol {protocol}, {} bytes", ip.payload().len());
        Some(Inner::new("ip", from, to, &says))
    })
}

fn icmp(from: Ipv4Addr, to: Ipv4Addr, payload: &[u8]) -> Option<Inner> {
    let icmp = Icmpv4Packet::new_checked(payload).ok()?;
    let says = match icmp.msg_type() {
        Icmpv4Message::EchoRequest => format!("echo request {}", icmp.echo_seq_no()),
        Icmpv4Message::EchoReply => format!("echo reply {}", icmp.echo_seq_no()),
        Icmpv4Message::DstUnreachable => format!("unreachable, code {}", icmp.msg_code()),
        other => format!("type {}", u8::from(other)),
    };
    Some(Inner::new("icmp", from, to, &says))
}

fn igmp(from: Ipv4Addr, to: Ipv4Addr, payload: &[u8]) -> Option<Inner> {
    let says = match peek_igmp(payload)? {
        Igmp::Query { group, .. } if group.is_unspecified() => "who is in which group".into(),
        Igmp::Query { group, .. } => format!("who is in {group}"),
        Igmp::Report(group) => format!("in {group}"),
        Igmp::Leave(group) => format!("no more in {group}"),
    };
    Some(Inner::new("igmp", from, to, &says))
}

fn tcp(from: Ipv4Addr, to: Ipv4Addr, payload: &[u8]) -> Option<Inner> {
    let tcp = TcpPacket::new_checked(payload).ok()?;
    let from = SocketAddrV4::new(from, tcp.src_port());
    let to = SocketAddrV4::new(to, tcp.dst_port());
    let flags = [
        (tcp.syn(), "SYN"),
        (tcp.fin(), "FIN"),
        (tcp.rst(), "RST"),
        (tcp.psh(), "PSH"),
        (tcp.ack(), "ACK"),
    ];
    let flags: Vec<&str> = flags.into_iter().filter(|f| f.0).map(|f| f.1).collect();
    let (data, flags) = (tcp.payload(), flags.join(","));
    if let Some((protocol, says)) = payload::of_stream(data) {
        return Some(Inner::new(protocol, from, to, &says));
    }
    let length = if data.is_empty() { String::new() } else { format!(" {} bytes", data.len()) };
    Some(Inner::new("tcp", from, to, &format!("[{flags}]{length}")))
}

fn udp(from: Ipv4Addr, to: Ipv4Addr, payload: &[u8]) -> Option<Inner> {
    let udp = UdpPacket::new_checked(payload).ok()?;
    let ports = [udp.src_port(), udp.dst_port()];
    let from = SocketAddrV4::new(from, ports[0]);
    let to = SocketAddrV4::new(to, ports[1]);
    let data = udp.payload();
    let (protocol, says) = payload::of_datagram(ports, data)
        .unwrap_or_else(|| ("udp", format!("{} bytes", data.len())));
    Some(Inner::new(protocol, from, to, &says))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{arp_reply, udp_frame};

    const A: Mac = [2, 0, 0, 0, 0, 1];
    const B: Mac = [2, 0, 0, 0, 0, 2];

    fn datagram(ports: (u16, u16), payload: &[u8]) -> Summary {
        let src = SocketAddrV4::new(Ipv4Addr::new(192, 168, 4, 2), ports.0);
        let dst = SocketAddrV4::new(Ipv4Addr::new(192, 168, 4, 1), ports.1);
        Summary::of(&udp_frame(A, B, src, dst, payload).unwrap()).unwrap()
    }

    /// A question for `broker.example`.
    const DNS: &[u8] = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x06broker\x07example\x00\x00\x01\x00\x01";

    #[test]
    fn datagrams_say_what_they_are_for() {
        let dns = datagram((50_000, 53), DNS);
        assert_eq!((dns.sender, dns.receiver, dns.protocol), (A, B, "dns"));
        assert_eq!(dns.text, "DNS 192.168.4.2:50000 > 192.168.4.1:53 A? broker.example");
        assert_eq!((&*dns.from, &*dns.to), ("192.168.4.2:50000", "192.168.4.1:53"));
        let mut answer = DNS.to_vec();
        answer[2] |= 0x80;
        answer[7] = 1;
        answer.extend(b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\x0a\x00\x00\x05");
        let text = datagram((53, 50_000), &answer).text;
        assert!(text.ends_with("broker.example is 10.0.0.5"), "{text}");
        assert!(datagram((123, 123), &[0x1b; 48]).text.ends_with("client"));
        assert_eq!(datagram((9, 9), b"hello").protocol, "udp");
    }

    #[test]
    fn an_arp_answer_names_the_address() {
        let mut frame = vec![0xff; 6];
        frame.extend(A);
        frame.extend([8, 6, 0, 1, 8, 0, 6, 4, 0, 1]);
        frame.extend(A);
        frame.extend([10, 0, 0, 2, 0, 0, 0, 0, 0, 0, 10, 0, 0, 1]);
        let asked = Summary::of(&frame).unwrap();
        assert!(asked.is_for_all());
        assert_eq!(asked.text, "ARP 10.0.0.2 > 10.0.0.1 who has 10.0.0.1");
        let told = Summary::of(&arp_reply(B, &frame).unwrap()).unwrap();
        assert_eq!(told.text, "ARP 10.0.0.1 > 10.0.0.2 10.0.0.1 is at 02-00-00-00-00-02");
    }

    #[test]
    fn a_message_of_esp_now_tells_its_length_and_not_what_is_encrypted() {
        let told = |encrypted, body: &[u8]| {
            Summary::of(&crate::frame::esp_now_frame(A, B, encrypted, body)).unwrap()
        };
        let plain = told(false, b"hello");
        assert_eq!((plain.sender, plain.receiver, plain.protocol), (A, B, "esp-now"));
        assert_eq!(plain.text, "ESP-NOW 02-00-00-00-00-01 > 02-00-00-00-00-02 v1 5 bytes");
        assert!(told(true, &[0; 251]).text.ends_with("v2 251 bytes, encrypted"));
    }

    #[test]
    fn frames_cut_short_have_a_summary_or_none() {
        let src = SocketAddrV4::new(Ipv4Addr::new(192, 168, 4, 2), 50_000);
        let dst = SocketAddrV4::new(Ipv4Addr::new(192, 168, 4, 1), 53);
        let frame = udp_frame(A, B, src, dst, DNS).unwrap();
        for n in 0..frame.len() {
            assert_eq!(Summary::of(&frame[..n]).is_some(), n >= 14, "{n}");
        }
    }
}

//! A radio whose answers are written down, or are those that were.

use super::answers::{Answers, Hex, Question};
use coil_board::outside::{
    AccessPoint, Addresses, Client, Errno, Link, Mac, NowFrame, NowKeys, NowSent, Radio, Ready,
    SocketOption, SoftAp, Wanted,
};
use std::net::{Ipv4Addr, SocketAddrV4};
use std::rc::Rc;

/// The radio and its answers.
pub(crate) struct RecordedRadio {
    radio: Box<dyn Radio>,
    answers: Rc<Answers>,
}

impl RecordedRadio {
    /// A radio that is asked, or that is there in case nothing is known.
    pub(crate) fn new(radio: Box<dyn Radio>, answers: Rc<Answers>) -> Self {
        Self { radio, answers }
    }
}

impl Radio for RecordedRadio {
    fn poll(&mut self) {
        self.radio.poll();
    }
    fn next_deadline(&self) -> Option<u64> {
        self.answers.answer(Question::Deadline, 0, || self.radio.next_deadline())
    }
    fn reset(&mut self) {
        self.radio.reset();
    }
    fn close_all(&mut self) {
        self.radio.close_all();
    }
    fn set_mac(&mut self, mac: Mac) {
        self.radio.set_mac(mac);
    }
    fn set_protocol(&mut self, protocol: u8) {
        self.radio.set_protocol(protocol);
    }
    fn set_station(&mut self, on: bool) {
        self.radio.set_station(on);
    }
    fn connect(&mut self, wanted: &Wanted) {
        self.radio.connect(wanted);
    }
    fn disconnect(&mut self) {
        self.radio.disconnect();
    }
    fn set_reconnects(&mut self, times: Option<u32>) {
        self.radio.set_reconnects(times);
    }
    fn link(&self) -> Link {
        self.answers.answer(Question::Link, 0, || self.radio.link())
    }
    fn rssi(&mut self) -> Option<i8> {
        self.answers.answer(Question::Rssi, 0, || self.radio.rssi())
    }
    fn channel(&self) -> u8 {
        self.answers.answer(Question::Channel, 0, || self.radio.channel())
    }
    fn set_channel(&mut self, channel: u8) {
        self.radio.set_channel(channel);
    }
    fn scan(&mut self) -> (Vec<AccessPoint>, u64) {
        self.answers.answer(Question::Scan, 0, || self.radio.scan())
    }
    fn addresses(&self) -> Option<Addresses> {
        self.answers.answer(Question::Addresses, 0, || self.radio.addresses())
    }
    fn set_addresses(&mut self, fixed: Option<Addresses>) {
        self.radio.set_addresses(fixed);
    }
    fn set_hostname(&mut self, name: &str) {
        self.radio.set_hostname(name);
    }
    fn set_dns(&mut self, server: Ipv4Addr) {
        self.radio.set_dns(server);
    }
    fn set_asleep(&mut self, asleep: bool) {
        self.radio.set_asleep(asleep);
    }
    fn start_access_point(&mut self, settings: &SoftAp) {
        self.radio.start_access_point(settings);
    }
    fn stop_access_point(&mut self) {
        self.radio.stop_access_point();
    }
    fn clients(&self) -> Vec<Client> {
        self.answers.answer(Question::Clients, 0, || self.radio.clients())
    }
    fn listen_now(&mut self, on: bool) {
        self.radio.listen_now(on);
    }
    fn send_now(
        &mut self,
        way: (Mac, Mac),
        data: &[u8],
        keys: Option<NowKeys>,
        kbits: u32,
    ) -> NowSent {
        let ask = || self.radio.send_now(way, data, keys, kbits);
        self.answers.answer(Question::NowSent, 0, ask)
    }
    fn next_now(&mut self) -> Option<NowFrame> {
        self.answers.answer(Question::NowFrame, 0, || self.radio.next_now())
    }
    fn open(&mut self, datagram: bool) -> Result<usize, Errno> {
        self.answers.answer(Question::Open, 0, || self.radio.open(datagram))
    }
    fn bind(&mut self, socket: usize, local: SocketAddrV4) -> Result<(), Errno> {
        self.answers.answer(Question::Bind, socket, || self.radio.bind(socket, local))
    }
    fn connect_socket(&mut self, socket: usize, to: SocketAddrV4) -> Result<(), Errno> {
        self.answers.answer(Question::Connect, socket, || self.radio.connect_socket(socket, to))
    }
    fn listen(&mut self, socket: usize, backlog: usize) -> Result<(), Errno> {
        self.answers.answer(Question::Listen, socket, || self.radio.listen(socket, backlog))
    }
    fn accept(&mut self, socket: usize) -> Result<(usize, SocketAddrV4), Errno> {
        self.answers.answer(Question::Accept, socket, || self.radio.accept(socket))
    }
    fn send(&mut self, socket: usize, data: &[u8]) -> Result<usize, Errno> {
        let sent = self.answers.answer(Question::Send, socket, || self.radio.send(socket, data));
        sent.map(|n| n.min(data.len()))
    }
    fn recv(&mut self, socket: usize, into: &mut [u8]) -> Result<usize, Errno> {
        let bytes = self.answers.answer(Question::Recv, socket, || {
            self.radio.recv(socket, into).map(|n| Hex(into[..n].to_vec()))
        });
        bytes.map(|Hex(bytes)| fill(into, &bytes))
    }
    fn send_to(&mut self, socket: usize, data: &[u8], to: SocketAddrV4) -> Result<usize, Errno> {
        let ask = || self.radio.send_to(socket, data, to);
        self.answers.answer(Question::SendTo, socket, ask).map(|n| n.min(data.len()))
    }
    fn recv_from(
        &mut self,
        socket: usize,
        into: &mut [u8],
    ) -> Result<(usize, SocketAddrV4), Errno> {
        let datagram = self.answers.answer(Question::RecvFrom, socket, || {
            self.radio.recv_from(socket, into).map(|(n, from)| (Hex(into[..n].to_vec()), from))
        });
        datagram.map(|(Hex(bytes), from)| (fill(into, &bytes), from))
    }
    fn ready(&mut self, socket: usize) -> Result<Ready, Errno> {
        self.answers.answer(Question::Ready, socket, || self.radio.ready(socket))
    }
    fn set_option(&mut self, socket: usize, option: SocketOption) -> Result<(), Errno> {
        self.answers.answer(Question::Option, socket, || self.radio.set_option(socket, option))
    }
    fn close(&mut self, socket: usize) -> Result<(), Errno> {
        self.answers.answer(Question::Close, socket, || self.radio.close(socket))
    }
    fn join_group(&mut self, group: Ipv4Addr, interface: Ipv4Addr) -> Result<(), Errno> {
        self.answers.answer(Question::Join, 0, || self.radio.join_group(group, interface))
    }
    fn resolve(&mut self, name: &str) -> Result<u32, Errno> {
        self.answers.answer(Question::Resolve, 0, || self.radio.resolve(name))
    }
    fn resolved(&mut self, query: u32) -> Option<Vec<Ipv4Addr>> {
        self.answers.answer(Question::Resolved, query as usize, || self.radio.resolved(query))
    }
}

/// Puts bytes where they were put before; a recording that was tampered with may have too many.
pub(super) fn fill(into: &mut [u8], bytes: &[u8]) -> usize {
    let n = bytes.len().min(into.len());
    into[..n].copy_from_slice(&bytes[..n]);
    n
}

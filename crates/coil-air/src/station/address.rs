//! The hardware address of a board's station interface, which its program may change.

use super::{Seat, Station};
use crate::frame::{Mac, is_group};
use crate::speech::Speech;
use smoltcp::wire::{EthernetAddress, HardwareAddress};
use std::sync::Arc;

impl Station {
    /// Gives the station interface another hardware address; one that no station can have changes nothing. A link ends, and the radio
    /// tries to make it again. Another board that had the address is off the air from then on.
    pub fn set_mac(&mut self, mac: Mac, now_us: u64) {
        let old = self.port.mac;
        if mac == old || is_group(mac) || mac == [0; 6] {
            return;
        }
        self.now_us = self.now_us.max(now_us);
        let wanted = self.radio.wanted().cloned();
        self.disconnect(now_us);
        self.leave_seat();
        self.unplug();
        self.air.segment.detach(&self.port);
        self.air.board_changed(old);
        let port = self.air.segment.attach(mac);
        port.set_waker(self.port.waker());
        self.port = port;
        self.seat = Arc::new(Seat::in_place_of(&self.seat, self.port.clone()));
        self.take_seat();
        self.air.owners.set_station(self.factory, mac);
        self.air.board_changed(mac);
        self.stack.iface.set_hardware_addr(HardwareAddress::Ethernet(EthernetAddress(mac)));
        self.radio.set_mac(mac);
        if let Some(wanted) = wanted {
            self.join(wanted, now_us);
        }
        self.tune();
        self.dirty = true;
    }

    /// The hardware address from the factory.
    pub fn factory_mac(&self) -> Mac {
        self.factory
    }

    /// What the station interface speaks. A link that stands is not asked for it.
    pub fn set_speech(&mut self, speech: Speech) {
        self.radio.speech = speech;
        self.take_seat();
    }

    fn leave_seat(&self) {
        self.air.ether.leave(self.port.mac, &self.seat);
        if let Some(soft_ap) = &self.soft_ap {
            self.air.ether.leave(soft_ap.port.mac, &self.seat);
        }
    }

    fn take_seat(&self) {
        if self.interface_is_on {
            self.air.ether.enter(self.port.mac, &self.seat, self.radio.speech);
        }
        if let Some(soft_ap) = self.soft_ap.as_ref().filter(|_| !self.asleep) {
            self.air.ether.enter(soft_ap.port.mac, &self.seat, soft_ap.settings.speech);
        }
    }
}
